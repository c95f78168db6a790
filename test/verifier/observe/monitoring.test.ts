import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { REASONS } from '../../../lib/decide/reason';
import { Metrics } from '../../../lib/verifier/observe/metrics';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary?: string; readonly description?: string; readonly runbook?: string };
}

const RULES = parse(readFileSync('monitoring/prometheus-rule.yaml', 'utf8')) as { spec: { groups: [{ rules: Alert[] }] } };
const ALERTS = RULES.spec.groups[0].rules;
const DASHBOARD = JSON.parse(readFileSync('monitoring/grafana-dashboard.json', 'utf8')) as { panels: Array<{ title: string; targets: Array<{ expr: string }> }> };
const EXPRESSIONS = [
  ...ALERTS.map(({ alert, expr }) => [alert, expr] as const),
  ...DASHBOARD.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];

async function exposed(): Promise<{ names: Set<string>; codes: Set<string> }> {
  const page = await new Metrics({ policyDigest: `sha256:${'0'.repeat(64)}`, cachedVerdicts: () => 0, busy: () => 0, certificateEnds: () => 0, drift: () => 0, trustRoots: () => [{ name: 'corp', ends: 1, refreshed: 1 }] }).page();
  return {
    names: new Set([...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) => (type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]))),
    codes: new Set([...page.matchAll(/^proofgate_reasons_total\{code="([A-Z_]+)",effect="refused"\} 0$/gm)].map(([, code = '']) => code)),
  };
}

test.each(EXPRESSIONS)('%s asks for metrics and reason codes that there are', async (_where, expression) => {
  const { names, codes } = await exposed();
  const asked = expression.match(/\b(?:proofgate|process|nodejs)_[a-z_]+\b/g) ?? [];
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((name) => !names.has(name))).toEqual([]);
  const wanted = [...expression.matchAll(/code=~?"([^"]+)"/g)].flatMap(([, list = '']) => list.split('|'));
  expect(wanted.filter((code) => !codes.has(code))).toEqual([]);
});

test('every reason is counted from zero on, so that its first refusal is an increase', async () => {
  expect([...(await exposed()).codes].sort()).toEqual(Object.keys(REASONS).sort());
});

test.each(ALERTS.map(({ alert, annotations }) => [alert, annotations] as const))('%s says what is wrong, and the page what to do', (alert, { summary, description, runbook }) => {
  expect([summary, description].every((text) => (text ?? '').length > 10)).toBe(true);
  expect(runbook).toBe('node_modules/proofgate/docs/operations.md#when-an-alert-fires');
  const page = readFileSync('docs/operations.md', 'utf8');
  expect(page.slice(page.indexOf('## When an alert fires'), page.indexOf('## Emergency exit'))).toContain(`| \`${alert}\` |`);
});

test('the page speaks of no alert that there is not', () => {
  const named = [...readFileSync('docs/operations.md', 'utf8').matchAll(/`(Proofgate[A-Za-z]+)`/g)].map(([, name = '']) => name);
  expect([...new Set(named)].sort()).toEqual(ALERTS.map(({ alert }) => alert).sort());
});
