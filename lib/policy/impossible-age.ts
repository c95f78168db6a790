import { ImagePolicy } from './document';
import { describe } from './field';
import { element, Problem } from './problem';

/** Ages of what keys sign without log and timestamp: nothing trusted says when they did, so that no age can ever be told. */
export function impossibleAge({ spec }: ImagePolicy): Problem[] {
  return spec.requirements.flatMap((requirement, index): Problem[] => {
    if (requirement.type !== 'attestation' || requirement.checks === undefined || !('maxAge' in requirement.checks)) {
      return [];
    }
    const { maxAge } = requirement.checks;
    const timeless = requirement.attestors.find((name) => {
      const { log, timestamp } = spec.attestors[name]?.transparency ?? {};
      return log === 'notRequired' && timestamp !== 'required';
    });
    return timeless === undefined ? [] : [{
      path: `${element('spec.requirements', index)}.checks.maxAge`,
      message: `is ${maxAge}, but nothing trusted says when the attestor ${describe(timeless)} signs: require a timestamp or the log of it`,
    }];
  });
}
