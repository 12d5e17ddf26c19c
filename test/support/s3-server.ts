import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../../tools/stack/cache-folder.ts';
import { findJava } from '../../tools/stack/java.ts';
import { bringJars } from '../../tools/stack/maven-jars.ts';
import { dataFolder, type ServerPlan } from '../../tools/stack/server.ts';

/** S3Proxy: S3's protocol over files, which checks every signature. One jar, from Maven Central. */
const LOCK = {
  'org.gaul:s3proxy:4.1.0:jar-with-dependencies':
    'a4d025969aaf796616ed4b1e2491d87d455ce84bb28cb9db086b2e6aaa68b48d',
};
const QUICK = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** Who may use the server. */
export const S3_KEY = { keyId: 'test-key', secret: 'test/secret+key' };

/** Plans an S3 server on this port; its buckets are the folders of `data/`. Downloads it when it is not there. */
export async function s3Server(folder: string, port: number): Promise<ServerPlan> {
  const quiet = (): void => undefined;
  const java = await findJava(quiet);
  const repository = process.env['MAVEN_REPOSITORY_URL'];
  const jars = await bringJars(LOCK, { folder: path.join(cacheFolder(), 's3'), repository, say: quiet });
  const properties = path.join(folder, 's3proxy.properties');
  const settings = {
    's3proxy.endpoint': `http://127.0.0.1:${port}`,
    's3proxy.authorization': 'aws-v4',
    's3proxy.identity': S3_KEY.keyId,
    's3proxy.credential': S3_KEY.secret,
    'jclouds.provider': 'filesystem-nio2',
    'jclouds.identity': 'unused',
    'jclouds.credential': 'unused',
    'jclouds.filesystem.basedir': dataFolder(folder),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  return {
    name: 'S3Proxy',
    folder,
    command: java.command,
    args: [...QUICK, '-jar', jars[0] ?? '', '--properties', properties],
    readyWhen: ['Started ogsoejs.Server@'],
    prepare: () => writeFile(properties, lines.join('')),
  };
}
