import { Verdict } from './verdict';

/** Admitted by an audit window alone: there are warnings, and no policy that names the image holds, so that nothing has verified it. */
export function isOnlyWarned({ allowed, policies, warnings }: Pick<Verdict, 'allowed' | 'policies' | 'warnings'>): boolean {
  return allowed && warnings.length > 0 && policies.every((name) => warnings.some(({ policy }) => policy === name));
}
