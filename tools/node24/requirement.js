'use strict';

/** What the signature library of the verifier declares, without the Node 22 line: the verifier is tested on 24 and later. */
const REQUIREMENT = '24.15 or later, 26 or later';

module.exports = { REQUIREMENT, isSupported };

/** Whether a version such as `24.21.0` satisfies `^24.15 || >=26`; odd, short-lived release lines do not. */
function isSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  return major >= 26 || (major === 24 && minor >= 15);
}
