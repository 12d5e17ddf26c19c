import { createRequire } from 'node:module';
import path from 'node:path';
import { dataFolder, type ServerPlan } from './server.ts';

const HOST = '127.0.0.1';

/** MailDev: accepts every mail by SMTP and shows it on a web page and through a REST API. */
export function inboxServer(folder: string, smtpPort: number, webPort: number): ServerPlan {
  const packageFile = createRequire(import.meta.url).resolve('maildev/package.json');
  const program = path.join(path.dirname(packageFile), 'bin', 'maildev');
  const settings = {
    smtp: String(smtpPort),
    web: String(webPort),
    ip: HOST,
    'web-ip': HOST,
    'mail-directory': dataFolder(folder),
  };
  return {
    name: 'MailDev',
    folder,
    command: process.execPath,
    args: [program, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])],
    readyWhen: ['MailDev webapp running', 'MailDev SMTP Server running'],
  };
}
