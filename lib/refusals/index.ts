export { INVALID_DOCUMENT, judgeDocuments, judgeManifests } from './judge';
export type { Finding, KubernetesObject, LocatedDocument, Observation, Rule, Subject } from './rule';
export { RULES } from './rules';
