/** Groups that the API server puts everybody, every workload or every node into. */
const COMMON_GROUPS = ['system:authenticated', 'system:nodes', 'system:serviceaccounts', 'system:unauthenticated'];

/** Whether a group is one that people and workloads are in without anybody having put them there. */
export function isCommonGroup(group: string): boolean {
  return COMMON_GROUPS.includes(group) || group.startsWith('system:serviceaccounts:');
}
