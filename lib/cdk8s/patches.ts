import { ApiObject, JsonPatch } from 'cdk8s';
import { Refusal, refuseAny } from '../authoring/refusal';

/** An operation as RFC 6902 writes it. */
interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
}

/** Refuses patches whose paths are no JSON Pointers (RFC 6901): they would be read as the path of something else. */
export function refusePointers(object: ApiObject): void {
  const found = patchesOf(object).map(operationOf).flatMap(({ op, path, from }) => [path, ...from === undefined ? [] : [from]].map((pointer) => ({ op, pointer })))
    .find(({ pointer }) => pointer !== '' && !pointer.startsWith('/'));
  if (found !== undefined) {
    refuse(object, found.op, `its path "${found.pointer}" does not begin with a slash`, `Write "/${found.pointer}".`);
  }
}

/** Refuses the first patch that cannot be applied, for an object that could not be rendered; returns when none of them is to blame. */
export function refuseUnapplied(object: ApiObject): void {
  const patches = patchesOf(object);
  const failing = patches.findIndex((_, index) => rendering(object, patches.slice(0, index + 1)) === undefined);
  const [patch, before] = [patches[failing], rendering(object, patches.slice(0, Math.max(0, failing)))];
  if (patch === undefined || before === undefined) {
    return;
  }
  const { op, path, from } = operationOf(patch);
  const [missing] = [from, path].filter((pointer) => pointer !== undefined).flatMap((pointer) => missingAbove(before, pointer));
  if (op === 'test') {
    refuse(object, op, `what is at "${path}" is not what it says`, 'Correct or remove it, and the patches that rely on it.');
  } else if (missing !== undefined) {
    refuse(object, op, `nothing is at "${missing.at}", above "${missing.pointer}"`, 'Correct the path, or add what is above it first.');
  } else {
    refuse(object, op, `at "${path}" it leaves no object`, 'Name a path within the object.');
  }
}

function refuse(object: ApiObject, op: string, problem: string, remedy: string): void {
  const refusal: Refusal = { code: 'INVALID_INPUT', path: object.node.path, problem: `a JSON patch (${op}) of it cannot be applied: ${problem}`, remedy };
  refuseAny([refusal]);
}

/** What the object would be with some patches; `undefined` where it cannot be rendered. */
function rendering(object: ApiObject, patches: readonly JsonPatch[]): unknown {
  try {
    return ApiObject.prototype.toJson.call(Object.create(object, { patches: { value: patches } }) as ApiObject);
  } catch {
    return undefined;
  }
}

/** The shortest pointer above a pointer where nothing is; none where everything above it is there. */
function missingAbove(value: unknown, pointer: string): ReadonlyArray<{ readonly at: string; readonly pointer: string }> {
  const steps = pointer.split('/').slice(1, -1);
  let at = value;
  for (const [index, step] of steps.entries()) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) {
      return [{ at: `/${steps.slice(0, index + 1).join('/')}`, pointer }];
    }
    at = (at as { readonly [key: string]: unknown })[key];
  }
  return [];
}

/** `patches` is private to `ApiObject`, which has no other way to tell them. */
function patchesOf(object: ApiObject): readonly JsonPatch[] {
  return (object as unknown as { readonly patches: readonly JsonPatch[] }).patches;
}

function operationOf(patch: JsonPatch): Operation {
  return patch._toJson() as Operation;
}
