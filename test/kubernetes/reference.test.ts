import { formatReference, ImageReferenceError, parseReference } from '../../lib/kubernetes/reference';

const HEX = 'a1'.repeat(32);
const DIGEST = `sha256:${HEX}`;

const path255 = `${'a'.repeat(127)}/${'b'.repeat(127)}`;

/** Text and canonical text. */
const CANONICAL: { readonly [claim: string]: [string, string][] } = {
  'R01: Docker Hub has one name': [
    ['nginx', 'docker.io/library/nginx:latest'],
    ['library/nginx', 'docker.io/library/nginx:latest'],
    ['docker.io/nginx', 'docker.io/library/nginx:latest'],
    ['docker.io/library/nginx', 'docker.io/library/nginx:latest'],
    ['index.docker.io/library/nginx', 'docker.io/library/nginx:latest'],
    ['index.docker.io/nginx', 'docker.io/library/nginx:latest'],
    ['registry-1.docker.io/library/nginx', 'registry-1.docker.io/library/nginx:latest'],
  ],
  'R03: ports, addresses and letters of a host': [
    ['reg.test/acme/app', 'reg.test/acme/app:latest'],
    ['reg.test:443/acme/app', 'reg.test:443/acme/app:latest'],
    ['reg.test:80/acme/app', 'reg.test:80/acme/app:latest'],
    ['reg.test:1/acme/app', 'reg.test:1/acme/app:latest'],
    ['reg.test:65535/acme/app', 'reg.test:65535/acme/app:latest'],
    ['docker.io:443/library/nginx', 'docker.io:443/library/nginx:latest'],
    ['docker.io:443/nginx', 'docker.io:443/nginx:latest'],
    ['127.0.0.1/app', '127.0.0.1/app:latest'],
    ['255.0.10.9:5000/app:1', '255.0.10.9:5000/app:1'],
    ['[::1]:5000/app', '[::1]:5000/app:latest'],
    ['[FD00::1]/app', '[fd00::1]/app:latest'],
    ['[2001:db8:0:0:0:0:0:1]:5000/app', '[2001:db8:0:0:0:0:0:1]:5000/app:latest'],
    ['localhost/app', 'localhost/app:latest'],
    ['localhost:5000/app', 'localhost:5000/app:latest'],
    ['LOCALHOST/app', 'localhost/app:latest'],
    ['REG.Test/acme/app', 'reg.test/acme/app:latest'],
    ['2130706433/app', 'docker.io/2130706433/app:latest'],
    ['1.2.3.4.example/app', '1.2.3.4.example/app:latest'],
  ],
  'R12: beside a digest the tag means nothing': [
    [`reg.test/acme/app:v1@${DIGEST}`, `reg.test/acme/app@${DIGEST}`],
    [`reg.test/acme/app@${DIGEST}`, `reg.test/acme/app@${DIGEST}`],
  ],
  'R16: what the runtime takes for a host': [
    ['acme/app', 'docker.io/acme/app:latest'],
    ['Acme/app', 'ACME/app:latest'],
    ['ACME/app', 'ACME/app:latest'],
    ['Acme:5000/app', 'acme:5000/app:latest'],
    ['host/app/more', 'docker.io/host/app/more:latest'],
    ['localhost', 'docker.io/library/localhost:latest'],
    ['localhost:5000', 'docker.io/library/localhost:5000'],
    ['docker.io', 'docker.io/library/docker.io:latest'],
    ['auto', 'docker.io/library/auto:latest'],
  ],
  'separators within a component': [
    ['a.b-c--d/g', 'a.b-c--d/g:latest'],
    ['acme/a.b_c__d-e---f', 'docker.io/acme/a.b_c__d-e---f:latest'],
  ],
  'tags': [
    ['app:V1.2_3-4', 'docker.io/library/app:V1.2_3-4'],
    ['app:_', 'docker.io/library/app:_'],
    ['docker:24-dind', 'docker.io/library/docker:24-dind'],
    ['oci:5000/x', 'oci:5000/x:latest'],
    ['docker.io/library/sha256:1', 'docker.io/library/sha256:1'],
  ],
};

/** What is refused, and what differs in one attribute and is not. */
const REFUSED: { readonly [claim: string]: [string, string][] } = {
  'A20: space around and in it': [
    ['', 'a'],
    [' ', 'a'],
    [' nginx', 'nginx'],
    ['nginx ', 'nginx'],
    ['nginx\n', 'nginx'],
    ['nginx\t', 'nginx'],
    ['ngi\0nx', 'nginx'],
    ['ngi nx', 'nginx'],
  ],
  'R01: in capitals the runtime asks a host called "Docker.io"': [
    ['Docker.io/library/nginx', 'docker.io/library/nginx'],
    ['INDEX.docker.io/library/nginx', 'index.docker.io/library/nginx'],
  ],
  'R03: ports and addresses': [
    ['reg.test:0/app', 'reg.test:1/app'],
    ['reg.test:65536/app', 'reg.test:65535/app'],
    ['reg.test:99999/app', 'reg.test:9999/app'],
    ['reg.test:0443/app', 'reg.test:443/app'],
    ['reg.test:/app', 'reg.test/app'],
    ['reg.test:x/app', 'reg.test:1/app'],
    ['reg.test:5000:5000/app', 'reg.test:5000/app'],
    ['127.1/app', '127.0.0.1/app'],
    ['2130706433:5000/app', '127.0.0.1:5000/app'],
    ['0x7f000001:5000/app', '127.0.0.1:5000/app'],
    ['0x7f.0.0.1/app', '127.0.0.1/app'],
    ['127.0.0.0x1/app', '127.0.0.1/app'],
    ['127.0.0.0X1/app', '127.0.0.1/app'],
    ['reg.0x/app', 'reg.0xg/app'],
    ['127.0.0.01/app', '127.0.0.1/app'],
    ['256.0.0.1/app', '255.0.0.1/app'],
    ['1.2.3.4.5/app', '1.2.3.4/app'],
    ['[::1/app', '[::1]/app'],
    ['[::1]x/app', '[::1]/app'],
    ['[::1]:/app', '[::1]:1/app'],
    ['[:::1]/app', '[::1]/app'],
    ['[1::2::3]/app', '[1::2]/app'],
    ['[1:2:3:4:5:6:7]/app', '[1:2:3:4:5:6:7:8]/app'],
    ['[1:2:3:4:5:6:7:8:9]/app', '[1:2:3:4:5:6:7:8]/app'],
    ['[1:2:3:4::5:6:7:8]/app', '[1:2:3::5:6:7:8]/app'],
    ['[12345::]/app', '[1234::]/app'],
    ['[::ffff:127.0.0.1]/app', '[::ffff:7f00:1]/app'],
    ['[fe80::1%eth0]/app', '[fe80::1]/app'],
    ['[::g]/app', '[::f]/app'],
  ],
  'R04: hosts, users and transports': [
    ['reg.test./app', 'reg.test/app'],
    ['.reg.test/app', 'reg.test/app'],
    ['reg..test/app', 'reg.test/app'],
    ['-reg.test/app', 'reg.test/app'],
    ['reg-.test/app', 'reg.test/app'],
    ['reg_x.test/app', 'reg-x.test/app'],
    [`${'a'.repeat(64)}.test/app`, `${'a'.repeat(63)}.test/app`],
    [`${'a.'.repeat(125)}test/app`, `${'a.'.repeat(124)}test/app`],
    ['user:pw@reg.test/app', 'reg.test/app'],
    ['user@reg.test/app', 'reg.test/app'],
    ['https://reg.test/app', 'reg.test/app'],
    ['docker://reg.test/app', 'reg.test/app'],
    ['//reg.test/app', 'reg.test/app'],
    ['oci:app', 'oci'],
    ['oci-archive:app', 'oci-archive'],
    ['docker-archive:app', 'docker-archive'],
    ['docker-daemon:app', 'docker-daemon'],
    ['containers-storage:app', 'containers-storage'],
    ['oci:dir/app', 'oci:80/app'],
  ],
  'R09: Cyrillic, full-width, zero-width, right-to-left, IDN': [
    ['reg.test/\u0430cme/app', 'reg.test/acme/app'],
    ['reg.test/\uff41cme/app', 'reg.test/acme/app'],
    ['reg\uff0etest/acme/app', 'reg.test/acme/app'],
    ['reg.test/ac\u200bme/app', 'reg.test/acme/app'],
    ['reg.test/\u202eemca/app', 'reg.test/emca/app'],
    ['r\u00e9g.test/acme/app', 'xn--rg-bja.test/acme/app'],
    ['reg.test/\u212a/app', 'reg.test/k/app'],
    ['\u212aeg.test/app', 'Keg.test/app'],
  ],
  'R11: lengths': [
    [`reg.test/${path255}b`, `reg.test/${path255}`],
    [`${'a'.repeat(248)}`, `${'a'.repeat(247)}`],
    [`app:${'t'.repeat(129)}`, `app:${'t'.repeat(128)}`],
  ],
  'R14: digests': [
    [`app@sha256:${HEX.slice(1)}`, `app@${DIGEST}`],
    [`app@${DIGEST}a`, `app@${DIGEST}`],
    [`app@sha256:${HEX.toUpperCase()}`, `app@${DIGEST}`],
    [`app@SHA256:${HEX}x`, `app@${DIGEST}`],
    [`app@sha256:${'0'.repeat(64)}`, `app@sha256:${'0'.repeat(63)}1`],
    [`app@${DIGEST}@${DIGEST}`, `app@${DIGEST}`],
    [`app@${DIGEST}/app`, `app/app@${DIGEST}`],
    [`app@${HEX}`, `app@${DIGEST}`],
    ['app@', 'app'],
    ['app@sha256:', 'app'],
    [`@${DIGEST}`, `a@${DIGEST}`],
    [`app:@${DIGEST}`, `app:1@${DIGEST}`],
    [`app@${DIGEST}:1`, `app:1@${DIGEST}`],
    [DIGEST, `app@${DIGEST}`],
    ['sha256:abcd', 'docker.io/library/sha256:abcd'],
    ['sha512:abcd', 'sha511:abcd'],
    [HEX, HEX.slice(1)],
    [HEX, `docker.io/library/${HEX}`],
    [HEX, `${HEX}:latest`],
  ],
  'components and tags': [
    ['acme/App', 'acme/app'],
    ['App', 'app'],
    ['acme//app', 'acme/app'],
    ['/app', 'app'],
    ['app/', 'app'],
    ['reg.test/', 'reg.test/a'],
    ['acme/-app', 'acme/app'],
    ['acme/app-', 'acme/app'],
    ['acme/a___b', 'acme/a__b'],
    ['acme/a..b', 'acme/a.b'],
    ['acme/a._b', 'acme/a.b'],
    ['acme/a.-b', 'acme/a-b'],
    ['acme/../app', 'acme/app'],
    ['acme/a+b', 'acme/a-b'],
    ['acme/a%2fb', 'acme/a2fb'],
    ['acme/a\\b', 'acme/a/b'],
    ['acme/app?x', 'acme/appx'],
    ['acme/app#x', 'acme/appx'],
    ['app:', 'app'],
    ['app:-x', 'app:x'],
    ['app:.x', 'app:x'],
    ['app:x:y', 'app:x-y'],
    ['app:x/y', 'app/x:y'],
    ['acme/*', 'acme/a'],
  ],
};

function refusal(text: string): ImageReferenceError {
  try {
    parseReference(text);
  } catch (error) {
    if (error instanceof ImageReferenceError) {
      return error;
    }
    throw error;
  }
  throw new Error(`${JSON.stringify(text.slice(0, 100))} was accepted`);
}

describe('one canonical form for what the runtime takes for the same image', () => {
  describe.each(Object.entries(CANONICAL))('%s', (_claim, rows) => {
    test.each(rows)('%s is %s', (text, canonical) => {
      expect(formatReference(parseReference(text))).toBe(canonical);
      expect(formatReference(parseReference(canonical))).toBe(canonical);
    });
  });

  test('a reference comes apart into registry, repository, name, tag and digest', () => {
    expect(parseReference(`GHCR.io/acme/app:v1@${DIGEST}`)).toEqual({
      registry: 'ghcr.io', repository: 'acme/app', name: 'ghcr.io/acme/app', tag: 'v1', digest: DIGEST,
    });
  });

  test('without tag and digest the tag is latest, as for the runtime', () => {
    expect(parseReference('nginx')).toEqual({ registry: 'docker.io', repository: 'library/nginx', name: 'docker.io/library/nginx', tag: 'latest' });
  });
});

describe('what is refused, next to what differs in one attribute and is not', () => {
  describe.each(Object.entries(REFUSED))('%s', (_claim, rows) => {
    test.each(rows)('%j is refused, %j is not', (bad, good) => {
      expect(() => parseReference(good)).not.toThrow();
      expect(refusal(bad).code).toBe('MALFORMED');
    });
  });

  test.each([`app@md5:${'a'.repeat(32)}`, `app@sha512:${'a'.repeat(128)}`, `app@sha256+x:${HEX}`, `app@SHA256:${HEX}`])(
    'R14: %s has a well-formed digest that is not supported, and is not shortened',
    (text) => {
      expect(refusal(text).code).toBe('UNSUPPORTED');
      expect(refusal(text).message).toContain('name the image by its sha256 digest');
    },
  );

  test.each([
    ['64 KiB', 'a/'.repeat(32 * 1024)],
    ['1 MiB of a-', 'a-'.repeat(512 * 1024)],
    ['1 MiB of a__', 'a__'.repeat(350 * 1024)],
    ['1 MiB of colons', ':'.repeat(1024 * 1024)],
  ])('R11: %s is refused for its length alone, whatever it holds', (_, text) => {
    expect(refusal(text).message).toContain(`it has ${text.length} characters`);
  });

  test('a message shows the reference with escapes, cut short', () => {
    expect(refusal('ngi nx').message).toContain('the character U+0020 at position 3');
    expect(refusal('ngi\nnx').message).toBe('image "ngi\\nnx" cannot be read: the character U+000A at position 3 cannot be part of a reference');
    expect(refusal(`${'x'.repeat(800)}!`).message.length).toBeLessThan(1200);
  });
});
