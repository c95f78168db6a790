import { Engine, EnginePlace, TrustRootFile } from '../engines/engine';
import { NAMESPACE_NAME_LABEL } from '../kubernetes/labels';
import { scopesOf } from '../kubernetes/namespace-scopes';
import { PolicyDocument } from '../policy/document';
import { coversNamespace, DEFAULT_NAMESPACES } from '../policy/namespaces';
import { cannotExpress, ENGINES } from '../refusals';
import { dividedDocuments, Side } from '../refusals/divided-namespaces';
import { describeInexpressible } from '../refusals/rules/engine-cannot';
import { namespaceDivided } from '../refusals/rules/namespace-divided';
import { refuseInput } from './input';
import { Locate } from './place';
import { Refusal, refuseAny } from './refusal';

/** An engine with its documents, as others see it. */
export interface Served {
  readonly path: string;
  readonly engine: Engine;
  /** What it refuses by. */
  readonly policies: readonly Policy[];
  /** Everything that it was given. */
  readonly documents: readonly Policy[];
}

/** A document, and the path of what wrote it. */
export interface Policy {
  readonly path: string;
  readonly document: PolicyDocument;
}

/** What an engine cannot express it would leave out, and images would run that the document refuses. */
export function refuseInexpressible(locate: Locate, document: PolicyDocument, trustRoots: readonly TrustRootFile[], { id, cannot }: Engine): void {
  refuseAny([...cannotExpress(id, document), ...cannot?.(document, trustRoots) ?? []].map((found) => {
    const { path, property } = locate(found.path);
    return {
      code: 'ENGINE_CANNOT',
      path,
      problem: `${property === '' ? '' : `${property}: `}${describeInexpressible(found)}`,
      remedy: isCertificate(found.path)
        ? 'Pass an engine that can, or write a KeylessAttestor of `issuer` and `subject` alone: githubWorkflow and its like compare more of a certificate than these.'
        : 'Pass an engine that can, or leave it out.',
    };
  }));
}

/** What nobody wrote who named a workflow or pipeline, and so could not leave out. */
function isCertificate(path: string): boolean {
  return path.startsWith('spec.attestors') && path.endsWith('.certificate');
}

/** The webhook leaves the verifier's own namespace out, so that a dead verifier can restart; what names it would hold nowhere. */
export function refuseOwnNamespace(path: string, { spec: { namespaces } }: PolicyDocument, { place }: Engine): void {
  const own = place?.namespace;
  if (own !== undefined && namespaces !== undefined && 'names' in namespaces && namespaces.names.includes(own)) {
    refuseInput(path, `namespaces names "${own}", the verifier's own, where no policy holds: its guard lets nothing but the verifier run there`,
      'Name other namespaces, or give the WebhookVerifier another `namespace`.');
  }
}

/** Policies that hold nowhere but where the webhook is not called. */
export function unserved({ engine: { place }, policies }: Pick<Served, 'engine' | 'policies'>): Refusal[] {
  const own = place?.namespace;
  return own === undefined ? [] : policies.filter(({ document }) => scopesOf([document], own).length === 0).map(({ path }) => ({
    code: 'NOTHING_ENFORCED',
    path,
    problem: `it holds only in "${own}", the verifier's own namespace, which the webhook leaves out and the verifier's guard closes`,
    remedy: 'Say another namespace, or remove it.',
  }));
}

/**
 * An engine that nobody asks.
 *
 * @param place - of the engine, which is no verifier without one
 * @param first - path of its first document, which is then no policy
 */
export function nothingEnforced(path: string, { place }: Pick<Engine, 'place'>, first: string | undefined, remedy: string): Refusal {
  const used = place === undefined ? 'this engine' : 'this verifier';
  return {
    code: 'NOTHING_ENFORCED',
    path,
    problem: first === undefined
      ? `no policy uses ${used}, so it would refuse nothing`
      : `only exemptions or deny lists such as ${first} use ${used}, and without a policy nobody asks it`,
    remedy,
  };
}

/**
 * Policies that hold in the namespace of another verifier: its Pods would have to be admitted by this one, which knows no policy for their image
 * and may itself be waiting for the other one.
 *
 * To leave such a namespace out is for whoever writes the policy: only they know that both verifiers are in one cluster, where the guard of
 * the other closes it.
 *
 * @param remedy - what to do instead of leaving the other's namespace out
 */
export function lockedOut(served: Served, all: readonly Served[], remedy: string): Refusal[] {
  const others = all.flatMap(({ path, engine: { place } }) => (place === undefined || place.namespace === served.engine.place?.namespace ? [] : [{ path, place }]));
  return others.flatMap((other) => served.policies
    .filter(({ document }) => refusesProgram(document, other.place) && coversNamespace(document.spec.namespaces ?? DEFAULT_NAMESPACES, contextOf(other.place)) !== false)
    .map(({ path }) => ({
      code: 'VERIFIER_LOCKED_OUT',
      path,
      problem: `it holds in the namespace "${other.place.namespace}", where it would refuse the verifier ${other.path}`,
      remedy: `${remedy}; or, where both are in one cluster, leave that namespace out, NamespaceSelection.except('${other.place.namespace}').`,
    })));
}

/** A deny list is no allow-list: what is named by a digest that it does not name runs. */
function refusesProgram(document: PolicyDocument, { image }: EnginePlace): boolean {
  return document.kind !== 'ImageDenyList' || (document.spec.digests ?? []).some((digest) => image.endsWith(`@${digest}`));
}

/** Whether two engines share their name, or their namespace. */
export function isNameShared(a: Engine, b: Engine): boolean {
  return a.name === b.name || (a.place !== undefined && a.place.namespace === b.place?.namespace);
}

/**
 * An engine that shares its name, or its namespace, with one that was made before it: they call their objects by it, and one would replace those of
 * the other.
 *
 * @param apart - what else keeps them apart, as the end of a sentence
 */
export function nameTaken({ path, engine: { id, name, place } }: Pick<Served, 'path' | 'engine'>, earlier: Pick<Served, 'path' | 'engine'>, apart: string): Refusal {
  const other = earlier.engine;
  const shared = other.name === name ? `the name "${name}"` : `the namespace "${place?.namespace}"`;
  const own = place === undefined ? 'a `name` of its own' : 'a `name` and a `namespace` of its own';
  const remedy = other.id === id
    ? `Pass one ${place === undefined ? 'engine' : 'verifier'} to all policies${apart === '' ? ', or' : ','} give this one ${own}${apart}.`
    : `Give this ${ENGINES[id].construct}, or the ${ENGINES[other.id].construct}, ${own}${apart}.`;
  return {
    code: 'VERIFIER_NAME_TAKEN',
    path,
    problem: `it shares ${shared} with ${other.id === id ? '' : `the ${ENGINES[other.id].construct} `}${earlier.path}, whose objects it would replace`,
    remedy,
  };
}

/** Documents whose images another engine of the cluster refuses, because it holds in the same namespaces and is told nothing of them. */
export function divided(served: Served, all: readonly Served[]): Refusal[] {
  const { code, remedy } = namespaceDivided;
  const others = all.filter((other) => other !== served).map(sideOf);
  return dividedDocuments(sideOf(served), others).map(({ located: { path }, message: problem }) => ({ code, path, problem, remedy }));
}

function sideOf({ path, engine: { id }, documents }: Served): Side<Policy> {
  return { engine: id, title: `${ENGINES[id].construct} ${path}`, documents };
}

function contextOf({ namespace: name, labels }: EnginePlace): Parameters<typeof coversNamespace>[1] {
  return { name, labels: { ...labels, [NAMESPACE_NAME_LABEL]: name } };
}
