/** The arrows of docs/architecture.md: apps → redis, kafka → delivery, settings, access → rules, mail → events. */
const LIBS = [
  'events',
  'csv',
  'rules',
  'access',
  'settings',
  'mail',
  'delivery',
  'redis',
  'kafka',
  'fax-documents',
  'platform',
];
const MAY_IMPORT = {
  events: [],
  rules: ['events'],
  csv: [],
  access: ['rules', 'csv', 'events'],
  settings: ['rules', 'csv', 'events'],
  mail: ['events'],
  delivery: ['rules', 'mail', 'events'],
  redis: ['delivery', 'settings', 'access', 'rules', 'events'],
  kafka: ['delivery', 'events'],
  'fax-documents': [],
  platform: [],
};
const ONLY_IMPORTER = {
  kafkajs: '^(libs/kafka/kafkajs/|test/)',
  'kafkajs-snappy': '^libs/kafka/kafkajs/',
  'lz4-napi': '^libs/kafka/kafkajs/',
  '@node-rs/crc32': '^libs/kafka/kafkajs/',
  ioredis: '^(libs/redis/|test/)',
  nodemailer: '^(libs/mail/|test/)',
  mjml: '^libs/mail/build-templates\\.ts$',
  handlebars: '^libs/mail/',
  '@node-rs/argon2': '^libs/access/',
  aws4fetch: '^libs/fax-documents/',
  'csv-parse': '^libs/csv/|^test/|\\.spec\\.ts$',
  'csv-stringify': '^libs/csv/',
  preact: '^apps/site/',
  'preact-render-to-string': '^apps/site/',
};

module.exports = {
  forbidden: [
    ...LIBS.map((lib) => ({
      name: `${lib}-imports-only-${MAY_IMPORT[lib].join('-') || 'nothing'}`,
      severity: 'error',
      from: { path: `^libs/${lib}/` },
      to: { path: '^(apps|libs|test|tools)/', pathNot: `^libs/(${[lib, ...MAY_IMPORT[lib]].join('|')})/` },
    })),
    ...Object.entries(ONLY_IMPORTER).map(([name, from]) => ({
      name: `one-importer-of-${name}`,
      severity: 'error',
      from: { pathNot: from },
      to: { path: `^node_modules/${name}/` },
    })),
    {
      name: 'libraries-only-through-index',
      severity: 'error',
      from: { path: '^(apps|libs|test|tools)/([^/]+)/' },
      to: {
        path: '^libs/([^/]+)/',
        pathNot: [
          '^libs/[^/]+/index\\.ts$',
          '^libs/[^/]+/testing/',
          '^libs/mail/build-templates\\.ts$',
          '^libs/$2/',
        ],
      },
    },
    {
      name: 'no-test-doubles-in-the-product',
      severity: 'error',
      from: { path: '^(apps|libs|tools)/', pathNot: ['\\.spec\\.tsx?$', '/testing/'] },
      to: { path: '/testing/' },
    },
    {
      name: 'rooms-of-kafka-import-only-kafkajs',
      severity: 'error',
      from: { path: '^libs/kafka/([^/]+)/' },
      to: { path: '^libs/kafka/', pathNot: '^libs/kafka/($1|kafkajs)/' },
    },
    {
      name: 'apps-know-nothing-of-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^(apps|test|tools)/', pathNot: '^(apps/$1|test/support)/' },
    },
    {
      name: 'no-test-support-in-the-product',
      severity: 'error',
      from: { path: '^apps/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^test/' },
    },
    {
      name: 'no-mjml-at-run-time',
      severity: 'error',
      from: { path: '^(apps/|libs/mail/index\\.ts$)' },
      to: { path: '^node_modules/mjml/', reachable: true },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-development-packages-in-the-product',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.tsx?$', '/testing/'] },
      to: { dependencyTypes: ['npm-dev'], pathNot: '^node_modules/(mjml|@types/)' },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
