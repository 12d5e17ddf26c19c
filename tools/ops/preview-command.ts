import { Argument, Command } from 'commander';
import { MAIL_KINDS, type MailKind } from '#mail';
import { OpsError } from './ops-error.ts';

/** `ops preview <kind>`: renders sample mails into files. */
export function previewCommand(): Command {
  return new Command('preview')
    .summary('what subscribers get, as files to look at')
    .description(
      'Render the samples of a kind of mail as HTML, text and .eml with an index page and, if Chromium is installed, ' +
        'screenshots for phone and PC in light and dark mode; for all kinds, also a gallery in one picture',
    )
    .addArgument(new Argument('<kind>', 'a kind of mail').choices([...MAIL_KINDS, 'all']))
    .option('--brand <brand>', 'the brand, or `all`', 'ntt-east')
    .option('--out <dir>', 'where to write', 'dist/preview')
    .action(loadAndPreview);
}

/** The container image has only what the apps need at run time: neither the sources of mails nor what renders them. */
async function loadAndPreview(
  kind: MailKind | 'all',
  options: { readonly brand: string; readonly out: string },
): Promise<void> {
  const { preview } = await import('./preview.ts').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const [, missing = 'a package'] = /'([^']+)'/.exec(error.message) ?? [];
    throw new OpsError(
      'not-found',
      `preview needs ${missing}, which is not installed here: it works in a checkout, after \`npm ci\``,
      error,
    );
  });
  await preview(kind, options);
}
