import { SET_TOGETHER, variables } from './environment-schema.ts';

/** The text of `docs/configuration.md`, generated from the schema of the environment. */
export function configurationPage(): string {
  const rows = variables.map(({ name, description, expected, secret, default: byDefault }) => {
    const held = byDefault === undefined ? '' : byDefault === '' ? 'empty' : `\`${byDefault}\``;
    return `| \`${name}\`${secret ? ' 🔒' : ''} | ${cell(description)} | ${cell(expected)} | ${held} |`;
  });
  return `# Configuration

Made from the schema of the environment by \`npm run docs\`; a test says when it is out of date.

Each app accepts every variable and requires those it needs. They are checked as a whole at start: what is wrong or
missing ends the process with exit code 78 and a line for each variable. An empty variable counts as not set. A name
within two letters of one listed here is an error too, since it is a typing mistake; a service link of Kubernetes
(\`SMTP_PORT=tcp://…\`) is not.

A secret (🔒) is never shown, and can come from a file named by \`NAME_FILE\` (\`REDIS_URL_FILE=/run/secrets/redis\`);
both at once are an error. ${SET_TOGETHER.map(named).join('; ')} go together.

| variable | what it is for | expected | default |
|---|---|---|---|
${rows.join('\n')}
`;
}

const named = (group: readonly string[]): string => group.map((name) => `\`${name}\``).join(', ');
const cell = (text: string): string => text.replaceAll('|', '\\|');
