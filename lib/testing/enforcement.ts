import { App, Chart, Testing } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { nameFound } from './found';
import { objectsOf } from '../kubernetes/object-list';
import { readBundle } from '../kubernetes/read-bundle';
import { PolicyDocument } from '../policy/document';
import { isDocumentLike } from '../policy/document-like';
import { PolicySet } from '../policy/normal';
import { policySet } from '../policy/policy-set';
import { documentsIn, ENGINES, Finding, INVALID_DOCUMENT, isEngine, judgedIn, judgeManifests, LocatedDocument } from '../refusals';

/**
 * What enforces: a chart or App of cdk8s, synthesized whole with everything that is in the App; or a list of Kubernetes objects and policy
 * documents, such as what a Pulumi program registered.
 *
 * @example
 *
 * const written: Enforcement = [...Testing.synth(first), ...Testing.synth(second)];
 */
export type Enforcement = Chart | App | readonly object[];

/** One verifier's part of it. */
export interface VerifierPolicies {
  /** The verifier's own namespace. @default - documents alone name no verifier */
  readonly namespace?: string;
  readonly set: PolicySet;
}

/** What one of the other engines enforces, of which the kit judges nothing. */
export interface EngineDocuments {
  /** Its construct and component. */
  readonly engine: string;
  /** Whether the API server decides by them alone. */
  readonly byName: boolean;
  readonly documents: readonly PolicyDocument[];
}

/** What enforces, as it would be applied. */
export interface Enforced {
  /** Those that the bundled verifier enforces, or nobody. */
  readonly documents: readonly PolicyDocument[];
  readonly verifiers: readonly VerifierPolicies[];
  readonly others: readonly EngineDocuments[];
  /** What the rules have against it. */
  readonly findings: readonly Finding[];
  /** Whether anything enforces the policies; documents alone do not. */
  readonly enforcing: boolean;
}

/**
 * Synthesizes, and reads what would be written.
 *
 * @throws Error for what does not synthesize, or holds no policy
 */
export function readEnforcement(enforcement: Enforcement, now: number): Enforced {
  const objects = manifestsOf(enforcement).flatMap((manifest) => objectsOf(manifest));
  const findings = judgeManifests(objects, now);
  const located = findings.some(({ code }) => code === INVALID_DOCUMENT) ? [] : documentsIn(objects).documents;
  const judged = located.filter(({ engine }) => engine === undefined);
  const documents = judged.map(({ document }) => document);
  const others = otherEngines(located);
  if (findings.length === 0 && others.length === 0 && !documents.some(({ kind }) => kind === 'ImagePolicy')) {
    throw new Error('there is no policy in it, so nothing is enforced: pass the chart or App with a SignedImagePolicy that a WebhookVerifier enforces, or all objects that are applied together');
  }
  return { documents, verifiers: verifiersIn(objects, judged), others, findings, enforcing: judgedIn(objects).enforcing };
}

/** Everything that would be written. @throws Error with what the synthesis says */
export function manifestsOf(enforcement: Enforcement): readonly unknown[] {
  if (Array.isArray(enforcement)) {
    return enforcement;
  }
  if (!Construct.isConstruct(enforcement)) {
    throw new Error(`expected a chart or App of cdk8s, or a list of Kubernetes objects, found ${nameFound(enforcement)}; what is enforced comes first, then the workload`);
  }
  const root = (enforcement as IConstruct).node.root;
  if (root instanceof App || typeof (root as Partial<App>).synthYaml === 'function') {
    const app = root as App;
    // Validates and judges everything, and writes nothing.
    app.synthYaml();
    return app.charts.flatMap((chart) => chart.toJson() as unknown[]);
  }
  return Testing.synth(root as Chart) as unknown[];
}

function otherEngines(located: readonly LocatedDocument[]): EngineDocuments[] {
  const byEngine = new Map<unknown, PolicyDocument[]>();
  located.forEach(({ engine, document }) => {
    if (engine !== undefined) {
      byEngine.set(engine, [...byEngine.get(engine) ?? [], document]);
    }
  });
  return [...byEngine].map(([engine, documents]) => ({ engine: constructOf(engine), byName: engine === 'native', documents }));
}

/** An engine that is not known enforces nothing that is known, and is called what its label says. */
function constructOf(engine: unknown): string {
  return isEngine(engine) ? ENGINES[engine].construct : `an engine ${JSON.stringify(engine)}`;
}

/** The policies of each verifier lie in its own namespace; a namespace that covers a Pod twice has to be satisfied twice. */
function verifiersIn(objects: readonly unknown[], located: readonly LocatedDocument[]): VerifierPolicies[] {
  const setOf = (some: readonly LocatedDocument[]): PolicySet => policySet(some.map(({ document }) => document));
  const { namespaces } = readBundle(objects.filter((object) => !isDocumentLike(object)));
  if (namespaces.length < 2) {
    return [{ set: setOf(located), ...(namespaces[0] === undefined ? {} : { namespace: namespaces[0] }) }];
  }
  return namespaces.map((namespace) => ({ namespace, set: setOf(located.filter(({ source }) => isDocumentLike(source.content) || source.namespace === namespace)) }));
}
