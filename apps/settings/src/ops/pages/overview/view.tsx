import type { VNode } from 'preact';
import { shownDay, shownSecond, Way, Ways, type PageContent } from '#pages';
import type { Flow } from '../../flow/look-at-flow.ts';
import type { FlowPart } from '../../flow/flow-part.ts';
import { LevelBadge } from '../../ui/level.tsx';

/** 稼働状況: what flows now, as far as this process can see it. */
export function overviewPage({ lookedAt, groups }: Flow): PageContent {
  const parts = groups.flatMap((group) => group.parts);
  const troubled = parts.filter(({ level }) => level !== 'good');
  return {
    heading: '稼働状況',
    body: (
      <>
        <p>
          {`${shownSecond(lookedAt)}に調べました。`}
          {summary(troubled)}
        </p>
        <Ways links={[{ href: '/ops', text: '調べ直す' }]} />
        {troubled.length > 0 && <Parts heading="確認が必要なもの" parts={troubled} />}
        {groups.map((group) => (
          <Parts
            key={group.heading}
            heading={group.heading}
            parts={group.parts.filter(({ level }) => level === 'good')}
          />
        ))}
        <section class="help">
          <h2>この画面で分からないこと</h2>
          <ul class="remarks">
            <li>
              メールサーバーとの接続の状態は、メールを送るプロセス（notifier）が知っています。指標
              notify_breaker_open とダッシュボードをご確認ください。
            </li>
            <li>
              settingsを複数のプロセスで動かしているときは、送信結果をプロセスで分けて受け取ります。「最後の」の時刻は、このプロセスが受け取ったものだけです。
            </li>
          </ul>
        </section>
      </>
    ),
  };
}

function Parts({ heading, parts }: { heading: string; parts: readonly FlowPart[] }): VNode | null {
  if (parts.length === 0) return null;
  return (
    <section>
      <h2>{heading}</h2>
      <ul class="flow">
        {parts.map((part) => (
          <Part key={part.technical} part={part} />
        ))}
      </ul>
    </section>
  );
}

function summary(troubled: readonly FlowPart[]): string {
  if (troubled.length === 0) return 'すべて正常です。';
  return `確認が必要なものが${troubled.length}件あります。`;
}

function Part({ part: { name, technical, level, says, since, at, way } }: { part: FlowPart }): VNode {
  return (
    <li>
      <p class="event">
        <LevelBadge level={level} /> {name}
      </p>
      <p>{says}</p>
      <p class="support">
        <code>{technical}</code>
        {at !== undefined && <Moment at={at} />}
        {since !== undefined && (
          <>
            <Moment at={since} />
            から
          </>
        )}
      </p>
      {way && <Way href={way.href}>{way.text}</Way>}
    </li>
  );
}

function Moment({ at }: { at: number }): VNode {
  return (
    <>
      {'　'}
      <time dateTime={new Date(at).toISOString()}>{`${shownDay(at)} ${shownSecond(at)}`}</time>
    </>
  );
}
