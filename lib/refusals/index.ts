export { cannotExpress, ENGINES, isEngine } from './capabilities';
export type { EngineId, Inexpressible } from './capabilities';
export { documentsIn, INVALID_DOCUMENT, judgedIn, judgeManifests, judgeObject, lintManifests, unjudgedAdmission } from './judge';
export { judgeBinding, judgeException } from './judge-beside';
export { objectId } from './read-object';
export type { Finding, KubernetesObject, LocatedDocument, Observation, Rule, Subject } from './rule';
export { RULES } from './rules';
export { StandingJudge } from './standing-judge';
export { engineOf } from './verifier-documents';
