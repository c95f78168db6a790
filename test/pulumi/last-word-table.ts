/**
 * Who has the last word about what is created, as the real engine shows it, and what a program may say that could weaken what is created: each row with the cases
 * that show it, by how their claims begin. A run of all cases fails when a row has none.
 */
export const LAST_WORD: ReadonlyArray<readonly [attempt: string, shownBy: readonly string[]]> = [
  ['transforms and transformations weaken the webhook, and nothing guards it: the weak object is created', [
    'no guard: what a transform weakens', 'no guard: what a transformation weakens', 'no guard: what a transform of the stack', 'no guard: what a transformation of the stack',
  ]],
  ['a hook of the object sees the final inputs; it refuses in previews and in updates without one, and nothing reaches the provider', [
    'hook: what a transform weakens', 'hook: what a transformation weakens', 'hook: what a transform of the stack', 'hook: what a transformation of the stack', 'hook: what is weakened by a change',
  ]],
  ['a transform takes the hooks away as well: the weak object is created', ['outputs: alone they refuse after the fact']],
  ['an assertion on outputs refuses without hooks, in updates after the object is created', ['outputs: alone they refuse after the fact', 'outputs: a transform that also says']],
  ['a mandatory policy pack refuses in previews, and before an object is created', ['pack: objects that no component has made are refused', 'outputs: a transform that also says']],
  ['one hook name twice fails: each object has one of its own', ['two verifiers share a stack']],
  ['an image that is not known', ['refused in preview and update: an image that is an output', 'refused in preview and update: images that are an output']],
  ['a value that is not known where enforcement is decided', ['hook: a value that is not known', 'pack: a value that is not known']],
  ['a value that is secret', ['refused in preview and update: an image that is a secret', 'hook: that an entry of the webhook', 'hook: that all entries of the webhook']],
  ['undefined inside a text', ['refused in preview and update: undefined in the middle', 'refused in preview and update: undefined in an identity']],
  ['aliases', ['a verifier that is renamed', 'a verifier that moves below', 'a verifier that moves up']],
  ['protect', ['a protected verifier']],
  ['ignoreChanges', ['outputs: ignoreChanges that keeps', 'pack: ignoreChanges on what enforces']],
  ['replaceOnChanges', ['replaceOnChanges: what asks the verifier']],
  ['deleteBeforeReplace', ['pack: deleteBeforeReplace on what enforces', 'replaceOnChanges: what asks the verifier']],
];

/** Claims that the table names and none of these begins with. */
export function untried(claims: readonly string[]): string[] {
  return LAST_WORD.flatMap(([attempt, shownBy]) => shownBy.filter((begin) => !claims.some((claim) => claim.startsWith(begin))).map((begin) => `${attempt}: ${begin}`));
}
