import { readFileSync } from 'node:fs';
import { Yaml } from 'cdk8s';
import { isManifest } from '../engines/manifest';
import { groupOf } from '../kubernetes/api-versions';
import { ENGINE_LABEL, PART_OF, PART_OF_LABEL } from '../kubernetes/labels';
import { objectsOf } from '../kubernetes/object-list';
import { misreadLine } from '../kubernetes/yaml-text';
import { ENGINES, isEngine, judgeManifests } from '../refusals';

/**
 * Plugin of `cdk8s synth`: judges the files that were written, by the rules that synthesis itself goes by, so that what came after it, an edit or
 * another tool, is seen as well.
 *
 * In `cdk8s.yaml`, where the version has to be exact. A package that is installed is named by its folder, from the current one on; by its name the
 * command would install another one from a registry, and no registry has it yet.
 *
 * ```yaml
 * validations:
 *   - package: ./node_modules/proofgate
 *     version: 0.0.0
 *     class: EnforcementValidation
 * ```
 */
export class EnforcementValidation {
  /**
   * Judges all manifests together, since they are applied together, and submits the report; without anything that enforces it fails.
   *
   * @param context - the `ValidationContext` of cdk8s-cli
   */
  public async validate(context: unknown): Promise<void> {
    const { manifests, report } = context as Context;
    const files = new Map<string, string>();
    const objects = manifests.flatMap((file) => (Yaml.load(file) as unknown[]).flatMap(objectsOf).map((object) => {
      files.set(nameOf(object), file);
      return object;
    }));
    const misread = manifests.flatMap((file) => {
      const found = misreadLine(readFileSync(file, 'utf8'));
      return found === undefined ? [] : [{ file, ...found }];
    });
    for (const { file, line, problem } of misread) {
      report.addViolation({
        ruleName: 'AMBIGUOUS_YAML', recommendation: `Line ${line} ${problem}.`, fix: 'Apply what the synthesis wrote, or correct what edits it.',
        violatingResources: [{ resourceName: '', locations: [`line ${line}`], manifestPath: file }],
      });
    }
    const findings = judgeManifests(objects, Date.now());
    for (const { code, object, path, message, remedy } of findings) {
      report.addViolation({
        ruleName: code, recommendation: message, fix: remedy,
        violatingResources: [{ resourceName: object, locations: [path], manifestPath: files.get(object) ?? manifests.join(', ') }],
      });
    }
    const enforces = objects.some(isEnforcing);
    if (!enforces) {
      report.addViolation({
        ruleName: 'NOTHING_ENFORCED',
        recommendation: `No manifest holds what an engine of proofgate enforces by: ${Object.values(ENGINES).map(({ construct, keystone }) => `the ${keystone.kind} of a ${construct}`).join(', or ')}.`,
        fix: 'Make a SignedImagePolicy, or remove this validation.',
        violatingResources: manifests.map((file) => ({ resourceName: '', locations: [], manifestPath: file })),
      });
    }
    report.submit(enforces && misread.length === 0 && findings.length === 0 ? 'success' : 'failure');
    return Promise.resolve();
  }
}

/** What is used of cdk8s-cli, which a library cannot depend on. */
interface Context {
  /** Files that were written. */
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: Violation): void;
    submit(status: 'success' | 'failure'): void;
  };
}

interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: ReadonlyArray<{ readonly resourceName: string; readonly locations: readonly string[]; readonly manifestPath: string }>;
}

/** Whether it is what its engine enforces by; what it says is judged by the rules. */
function isEnforcing(object: unknown): boolean {
  if (!isManifest(object) || object.metadata.labels?.[PART_OF_LABEL] !== PART_OF) {
    return false;
  }
  const engine = object.metadata.labels[ENGINE_LABEL] ?? 'webhook';
  return isEngine(engine) && object.kind === ENGINES[engine].keystone.kind && groupOf(object.apiVersion) === ENGINES[engine].keystone.group;
}

/** The form in which a finding names its object. */
function nameOf(object: unknown): string {
  if (!isManifest(object)) {
    return '';
  }
  const { kind, metadata: { name, namespace } } = object;
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
