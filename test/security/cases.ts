/** Where a case is shown: by `npm test`, or only before the real API server of `npm run e2e`. */
export type Suite = 'test' | 'e2e';

/** One way to get something past the verifier or the synthesis, and the answer it must get. Tests carry the id in their titles. */
export interface SecurityCase {
  readonly id: string;
  readonly attempt: string;
  readonly answer: string;
  readonly suite: Suite;
}

export interface SecurityGroup {
  readonly title: string;
  readonly cases: readonly SecurityCase[];
}

const of = (suite: Suite) => (id: string, attempt: string, answer: string): SecurityCase => ({ id, attempt, answer, suite });
const row = of('test');
const clusterRow = of('e2e');

/**
 * Every case, by where the attack comes from.
 *
 * A denial always has a twin that differs in one attribute and is allowed; both stand under the same id. `npm test` fails when no test of a case has
 * passed, and when a title carries an id that is not here.
 */
export const SECURITY_CASES: readonly SecurityGroup[] = [
  {
    title: 'Admission requests',
    cases: [
      row('A01', 'an unsigned image in an init container, sidecars included', 'refused'),
      row('A02', 'an unsigned image in an ephemeral container, added to a running Pod or there from the start', 'refused'),
      row('A03', 'one unsigned image among fifty signed ones, in each list and place in turn', 'refused each time'),
      row('A05', 'an unsigned image in each of the eight workload kinds, also under older versions of their groups', 'refused, with the reason that a Pod gets'),
      row('A06', 'an update that exchanges or adds an image, with an old object that lies', 'refused'),
      row('A07', 'an update of labels alone, with the registry down', 'admitted; nothing is fetched'),
      row('A08', '`pods/resize` with the same images, and with another one', 'admitted; refused'),
      row('A09', 'no name but `generateName`, a namespace only in the request', 'as with a name'),
      row('A10', 'a dry run', 'the same verdict, and nothing remembered of it'),
      row('A11', 'deletions, connections and operations that do not exist', 'admitted, admitted, refused'),
      row('A12', 'scaling, alone and together with another image', 'admitted; refused'),
      row('A14', 'an unsigned Pod that looks like a static one', 'refused'),
      row('A15', 'labels and annotations that claim a verdict, a skip or an emergency', 'refused'),
      row('A16', 'labels of the object or namespace by which engines pass over', 'refused'),
      row('A17', 'Pods hidden in lists and tables', 'refused'),
      row('A18', 'a kind whose images nobody can find', 'refused for that, never "no images"'),
      row('A19', 'fields of the wrong type, holes, a hundred thousand containers', 'refused; the process stays up'),
      row('A20', 'space, control characters or nothing as an image', 'refused without a connection'),
      row('A26', 'keys in other letters beside the real ones', 'the real ones decide'),
      row('A31', 'everything that is no AdmissionReview v1: version, type, encoding, size, pace', 'HTTP 4xx or refused; memory stays flat'),
      row('A32', 'two hundred images in one Pod, different or the same', 'answered in time; the same one is verified once'),
      row('A35', 'a tag that nothing pinned', 'refused with `TAG_NOT_PINNED`'),
      row('A37', 'requests of cluster admins, controllers and the verifier itself', 'judged like everybody\'s'),
      row('A38', 'namespaces whose name only looks exempt', 'judged'),
    ],
  },
  {
    title: 'Image references',
    cases: [
      row('R01', 'the names of Docker Hub', 'one canonical name; another host stays another host'),
      row('R03', 'ports and addresses in every notation', 'one canonical form, or refused'),
      row('R04', 'a dot behind the host, users, schemes, transports', 'refused'),
      row('R06', 'organizations that begin like the trusted one', 'not matched'),
      row('R08', '`*` across a slash, `**` for nothing', 'not matched'),
      row('R09', 'letters that look like others', 'refused'),
      row('R11', 'references of any length, made for backtracking', 'refused by length'),
      row('R12', 'a tag beside a digest', 'the digest decides'),
      row('R14', 'digests too short, too long, in capitals, of other algorithms, twice', 'refused'),
      row('R16', 'names that could be a host or not', 'read as the container runtime does'),
      row('R18', 'a tag with a pull policy that keeps what is on the node', 'pinned or refused'),
      row('R20', 'a hundred thousand generated references, against the grammar of the runtime', 'none accepted that it reads otherwise'),
    ],
  },
  {
    title: 'Evidence',
    cases: [
      row('E01', 'a statement about another digest', 'refused'),
      row('E02', 'the digest as the last of many subjects; subjects that are empty, weak, wrong by half', 'allowed within the limit; refused'),
      row('E04', 'only the index or only a child is signed', 'refused where the other one is asked for'),
      row('E07', 'evidence that was made for another repository', 'refused where the policy binds the repository, else allowed'),
      row('E08', 'simple signing with another digest or type, keys twice, bytes that are not its digest', 'refused'),
      row('E10', 'another repository, workflow or organization', 'refused'),
      row('E11', 'an issuer that differs in a slash, a letter, a scheme', 'refused'),
      row('E12', 'a subject that contains the trusted one, or looks like it', 'refused'),
      row('E14', 'the trusted subject as a name of another type, or as one of several', 'refused'),
      row('E15', 'refs that begin like, end like or spell the trusted one', 'refused'),
      row('E17', 'pull requests, forks, foreign runners, recreated repositories, other callers', 'refused where the policy names the claim'),
      row('E20', 'claims that contradict themselves, stand twice, or are encoded in two ways', 'refused'),
      row('E22', 'certificates outside their time, or that of their authority', 'refused'),
      row('E23', 'bundles with authorities of their own, endless chains', 'refused'),
      row('E24', 'no SCT, a foreign one, one out of its log\'s time, one twice', 'refused'),
      row('E30', 'a genuine log entry of something else', 'refused'),
      row('E32', 'a promise of the log that was altered, or is missing where its time is the only one', 'refused'),
      row('E34', 'inclusion proofs and checkpoints, wrong in every field', 'refused'),
      row('E35', 'log entries without a time that somebody vouches for', 'refused'),
      row('E36', 'bundle versions that would demand less; unknown versions; bytes behind the end', 'refused'),
      row('E39', 'timestamps over other data, by others, out of time, one bad among two', 'refused'),
      row('E40', 'signatures over another payload type, or over less than was read', 'refused'),
      row('E41', 'statements of unknown type, without predicate type, with predicates of the wrong shape', 'refused'),
      row('E42', 'a predicate of one version under the type of another', 'refused'),
      row('E43', 'the attestation that is asked for is not there, or cannot be read', 'refused'),
      row('E45', 'an attestation where a signature is asked for', 'refused'),
      row('E46', 'empty lists, wherever there is one', 'refused'),
      row('E47', 'an envelope with no signature, or with two', 'refused'),
      row('E48', 'envelopes without verification material, or with that of something else', 'refused'),
      row('E50', 'base64 in more than one reading', 'refused, or what was read is what was signed'),
      row('E51', 'ECDSA signatures in other encodings and ranges', 'refused; one verdict for both forms of `s`'),
      row('E52', 'keys and algorithms that do not go together', 'refused'),
      row('E53', 'a key under a keyless policy and the reverse; one party counted twice; a key outside its period', 'refused'),
      row('E60', 'builders and build types that only look like the trusted ones', 'refused'),
      row('E62', 'external parameters that name another source or workflow, or more than is known', 'refused'),
      row('E65', 'signature, provenance and SBOM of different runs or commits, where they have to be of one', 'refused'),
      row('E66', 'verification summaries by others, about others, failed or too old', 'refused'),
      row('E68', 'an image or signer that was put on a deny list', 'refused by the first replica that has the list, whatever was remembered'),
      row('E70', 'evidence of any size, with sizes that lie', 'refused or within the cap; memory stays flat'),
      row('E72', 'thousands of other referrers before and after the good one', 'allowed, or refused with `LIMIT`, in any order'),
      row('E73', 'bombs: compression, depth, digits, keys', 'refused quickly'),
    ],
  },
  {
    title: 'Registry',
    cases: [
      row('G02', 'bytes that are not the digest that was asked for', 'refused'),
      row('G03', 'headers that lie about the digest', 'not believed'),
      row('G05', 'another answer for another asker or time', 'one reading for each decision'),
      row('G06', 'descriptors with wrong sizes, data of their own, addresses elsewhere', 'refused; nobody else is asked'),
      row('G09', 'a fallback tag that is stale, huge or made by others', 'verified like everything else'),
      row('G10', 'a listing of referrers that fails, and one that is empty', '"not known", and "no evidence"; never the one for the other'),
      row('G13', 'redirects to other places', 'no credential goes there'),
      row('G15', 'a pull Secret of another namespace, and an image that a namespace with pull rights had judged before', 'refused; no namespace gains by the rights of another'),
      row('G16', 'registries that are slow or silent', 'refused before the deadline'),
      row('G17', 'bodies without end', 'cut off at the cap; refused'),
      row('G18', 'too many requests, errors, login loops', 'a bounded number of tries; refused'),
      row('G19', 'certificates of nobody, of others, too old; no TLS', 'refused'),
      row('G22', 'indexes with ten thousand children, deep ones, empty ones', 'what is signed is allowed; bombs are refused'),
    ],
  },
  {
    title: 'Platform',
    cases: [
      clusterRow('P01', 'no verifier, no endpoints, no CA bundle', 'the API server refuses'),
      row('P02', 'verification that takes longer than there is time', 'our own refusal comes first; nothing late is remembered'),
      row('P03', 'certificates that end, authorities that change, a Secret that is deleted', 'no failed call while both are trusted; not ready without'),
      row('P04', 'clocks that are wrong or step back', 'the future is refused; what is remembered ages by a clock that nobody sets'),
      row('P05', 'policies that are missing, empty, cut short, unknown', 'not ready; never "no policy, so allowed"'),
      row('P07', 'TUF mirrors that roll back, run ahead, mix, leave out, never end, or are gone', 'the last good root until its end, then refused; starting waits for nobody'),
      row('P08', 'trust roots that are incomplete or ambiguous', 'refused when loaded'),
      row('P11', 'a million different images', 'memory stays bounded; what is in use stays remembered'),
      row('P12', 'foreign Pods in the verifier\'s own namespace; its policies, certificate, account and rights; labels that select namespaces', 'refused to all but operators, without any webhook'),
      row('P13', 'webhook configurations that were changed or deleted', 'a log line and a metric within seconds, again and again, by entry and field'),
      row('P14', 'an end in the middle of work', 'what is in work is answered, nothing new is taken'),
      row('P15', 'a verifier that is up and cannot verify', 'unready within 30 s'),
      row('P18', 'secrets and words of a registry in answers and logs; a million names in metrics', 'not repeated; as many lines as before'),
      row('P19', 'an exemption past its end, for another image, by pattern', 'refused'),
      row('P21', 'another webhook exchanges the image after ours', 'the validating entry judges the last word'),
      row('P23', 'anything throws anything at any place', 'refused, with a reason; the process stays up'),
      row('P24', 'more requests than there is room for', 'refused at once with `OVERLOADED`'),
    ],
  },
  {
    title: 'Synthesis',
    cases: [
      row('S01', 'patterns and prefixes where an exact text belongs', 'does not synthesize'),
      row('S02', 'identities that are empty or half there', 'does not synthesize'),
      row('S04', 'images that no rule names, attestors that nothing uses', 'refused; does not synthesize'),
      row('S06', 'settings that admit instead of refusing', 'only by name, with reason, owner and end'),
      clusterRow('S07', 'fields that the API server would drop', 'strict validation of what was written, unchanged'),
      row('S09', 'kinds, operations and moments that no rule covers', 'does not synthesize; no gap between versions'),
      row('S14', 'escape hatches, aspects, resolvers and patches that weaken what is written', 'does not synthesize'),
    ],
  },
];
