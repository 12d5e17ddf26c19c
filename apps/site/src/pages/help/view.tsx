import type { VNode } from 'preact';
import { shownNumber, type Brand } from '#mail';
import { LinkList, type PageContent, Way } from '#pages';
import { OperatorLinks } from '../../ui/operator-links.tsx';
import { Steps } from '../../ui/steps.tsx';
import type { HelpTopic } from './help-topic.ts';
import { HELP_GROUPS, HELP_TOPICS, type HelpTopicId } from './help-topics.ts';

const HEADING = 'ヘルプ';
const INDEX = { href: '/help', text: HEADING };

/** The index: every topic, and the operator's own pages. */
export function helpPage(brand: Brand): PageContent {
  return {
    heading: HEADING,
    body: (
      <>
        <p>知りたいことを選んでください。ログインしなくても読めます。</p>
        {HELP_GROUPS.map(([heading, topics]) => (
          <section key={heading}>
            <h2>{heading}</h2>
            <LinkList links={topics.map((topic) => linkTo(topic, brand))} />
          </section>
        ))}
        {brand.links.length > 0 && (
          <section>
            <h2>{brand.operator}のご案内</h2>
            <OperatorLinks links={brand.links} />
          </section>
        )}
      </>
    ),
  };
}

function linkTo(topic: HelpTopicId, brand: Brand): { href: string; text: string; description: string } {
  const { title, summary } = HELP_TOPICS[topic](brand);
  return { href: `/help/${topic}`, text: title, description: summary };
}

/** One topic: what it is for, what to do step by step, what to know, and questions. */
export function helpTopicPage(brand: Brand, id: HelpTopicId): PageContent {
  const topic = HELP_TOPICS[id](brand);
  return {
    // The service's own page has its name already.
    heading: `${topic.title}のヘルプ`,
    trail: [INDEX],
    body: (
      <>
        <p class="lead">{topic.summary}</p>
        {topic.call !== undefined && (
          <a class="tel nobr" href={`tel:${topic.call}`}>
            {shownNumber(topic.call)}
          </a>
        )}
        {topic.tasks.map(({ heading, steps }) => (
          <section key={heading}>
            <h2>{heading}</h2>
            <Steps steps={steps} />
          </section>
        ))}
        <Remarks remarks={topic.remarks} />
        <Questions questions={topic.questions} />
        <Way href="/help">ほかのヘルプを見る</Way>
      </>
    ),
  };
}

function Remarks({ remarks }: Pick<HelpTopic, 'remarks'>): VNode {
  return (
    <section>
      <h2>ご利用の前に</h2>
      <ul class="remarks">
        {remarks.map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
      </ul>
    </section>
  );
}

function Questions({ questions }: Pick<HelpTopic, 'questions'>): VNode {
  return (
    <section>
      <h2>よくあるご質問</h2>
      <dl class="facts questions">
        {questions.map(({ question, answer }) => (
          <div key={question}>
            <dt>{question}</dt>
            <dd>{answer}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
