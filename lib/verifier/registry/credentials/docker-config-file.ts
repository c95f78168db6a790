import { Deadline, VerifierError } from '../../ports';
import { unreadable } from '../../../policy/unreadable';
import { readFile } from '../../read-text';
import { dockerCredentials, parseDockerConfig } from './docker-config';
import { CredentialSource, GivenCredential } from './source';

/**
 * The credentials of a file that others keep up to date, such as a mounted Secret: read anew each time the registry asks, which it does when a
 * token ends and when a password is no longer taken.
 */
export class DockerConfigFile implements CredentialSource {
  /** @param registry - canonical host that the credentials are for; those of others are not looked at */
  constructor(private readonly file: string, private readonly registry: string) {}

  async credentialsFor(repository: string, _deadline: Deadline): Promise<readonly GivenCredential[]> {
    let bytes: Buffer;
    try {
      bytes = await readFile(this.file);
    } catch (error) {
      throw this.unusable(`cannot be read (${unreadable(error)})`, error);
    }
    const problems: string[] = [];
    const config = parseDockerConfig(bytes, (message) => problems.push(message));
    const [problem] = problems;
    if (problem !== undefined) {
      throw this.unusable(problem);
    }
    return dockerCredentials([config], this.registry, repository).slice(0, 1).map((credential) => ({ credential }));
  }

  private unusable(problem: string, cause?: unknown): VerifierError {
    return new VerifierError('REGISTRY_UNAVAILABLE', `${this.registry} asks who reads, and ${this.file}, where its credentials are, ${problem}; mend the file, or the Secret that is mounted there`, { cause });
  }
}
