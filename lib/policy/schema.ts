import { Json } from './document';

/** The JSON schema (draft 7) of a policy document; written by `npm run schema` from document.ts, never by hand. */
export const policySchema: { readonly [key: string]: Json } = {
  "$id": "https://proofgate.dev/schema/v1/policy.json",
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$ref": "#/definitions/PolicyDocument",
  "definitions": {
    "PolicyDocument": {
      "anyOf": [
        {
          "$ref": "#/definitions/ImagePolicy"
        },
        {
          "$ref": "#/definitions/ImageExemption"
        }
      ],
      "description": "A document: a rule about images, or a dated exemption from all rules."
    },
    "ImagePolicy": {
      "type": "object",
      "properties": {
        "apiVersion": {
          "$ref": "#/definitions/ApiVersion"
        },
        "kind": {
          "type": "string",
          "const": "ImagePolicy"
        },
        "metadata": {
          "$ref": "#/definitions/Metadata"
        },
        "spec": {
          "$ref": "#/definitions/ImagePolicySpec"
        }
      },
      "required": [
        "apiVersion",
        "kind",
        "metadata",
        "spec"
      ],
      "additionalProperties": false,
      "description": "\"Images that match run only with this proof.\" All policies that match an image must hold."
    },
    "ApiVersion": {
      "type": "string",
      "const": "proofgate.dev/v1",
      "description": "API version of every document."
    },
    "Metadata": {
      "type": "object",
      "properties": {
        "name": {
          "type": "string",
          "description": "DNS-1123 label; unique per kind within a policy set."
        }
      },
      "required": [
        "name"
      ],
      "additionalProperties": false,
      "description": "What identifies a document within its policy set."
    },
    "ImagePolicySpec": {
      "type": "object",
      "properties": {
        "images": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "description": "Patterns over the fully qualified repository, for example `ghcr.io/acme/payments/**`.\n\n`**` stands for one or more whole path segments, `*` for any characters within one segment; the host is written out, without wildcards.",
          "minItems": 1
        },
        "namespaces": {
          "$ref": "#/definitions/NamespaceSelection",
          "description": "Where the policy holds.",
          "default": "- every namespace except `kube-system`"
        },
        "action": {
          "$ref": "#/definitions/Action",
          "description": "What a violation does.",
          "default": "- Deny"
        },
        "tags": {
          "$ref": "#/definitions/TagRule",
          "description": "What a tag in place of a digest means: `pin` pins Pods to the digest that was verified and verifies what a workload template's tag points to now; `deny` refuses tags everywhere.",
          "default": "pin"
        },
        "attestors": {
          "type": "object",
          "additionalProperties": {
            "$ref": "#/definitions/Attestor"
          },
          "description": "Who can vouch, by name. Every attestor must be used by a requirement."
        },
        "requirements": {
          "type": "array",
          "items": {
            "$ref": "#/definitions/Requirement"
          },
          "description": "What must be proven; all of them must hold.",
          "minItems": 1
        }
      },
      "required": [
        "images",
        "attestors",
        "requirements"
      ],
      "additionalProperties": false
    },
    "NamespaceSelection": {
      "anyOf": [
        {
          "$ref": "#/definitions/NamespacesExcept"
        },
        {
          "$ref": "#/definitions/NamespacesByName"
        },
        {
          "$ref": "#/definitions/NamespacesByLabel"
        }
      ],
      "description": "Exactly one way of selecting namespaces."
    },
    "NamespacesExcept": {
      "type": "object",
      "properties": {
        "except": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "description": "Names, each a DNS-1123 label; may be empty."
        }
      },
      "required": [
        "except"
      ],
      "additionalProperties": false,
      "description": "Every namespace but these."
    },
    "NamespacesByName": {
      "type": "object",
      "properties": {
        "names": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "minItems": 1
        }
      },
      "required": [
        "names"
      ],
      "additionalProperties": false,
      "description": "Only these namespaces."
    },
    "NamespacesByLabel": {
      "type": "object",
      "properties": {
        "labels": {
          "type": "object",
          "additionalProperties": {
            "type": "string"
          },
          "minProperties": 1
        }
      },
      "required": [
        "labels"
      ],
      "additionalProperties": false,
      "description": "Namespaces that carry all of these labels; the verifier reads the labels from the API server, never from the request."
    },
    "Action": {
      "anyOf": [
        {
          "$ref": "#/definitions/DenyAction"
        },
        {
          "$ref": "#/definitions/AuditAction"
        }
      ],
      "description": "What happens to a violation."
    },
    "DenyAction": {
      "type": "object",
      "properties": {
        "type": {
          "type": "string",
          "const": "Deny"
        }
      },
      "required": [
        "type"
      ],
      "additionalProperties": false,
      "description": "A violation is refused."
    },
    "AuditAction": {
      "type": "object",
      "properties": {
        "reason": {
          "type": "string",
          "description": "Why.",
          "minLength": 1
        },
        "owner": {
          "type": "string",
          "description": "Who answers for it: a person, a team or an address.",
          "minLength": 1
        },
        "until": {
          "type": "string",
          "description": "From this instant on it has no effect. `YYYY-MM-DD` (start of that day in UTC) or an RFC 3339 date-time with offset."
        },
        "type": {
          "type": "string",
          "const": "Audit"
        }
      },
      "required": [
        "owner",
        "reason",
        "type",
        "until"
      ],
      "additionalProperties": false,
      "description": "A violation is admitted with a warning until a date, and refused from then on."
    },
    "TagRule": {
      "type": "string",
      "enum": [
        "pin",
        "deny"
      ]
    },
    "Attestor": {
      "anyOf": [
        {
          "$ref": "#/definitions/KeylessAttestor"
        },
        {
          "$ref": "#/definitions/KeyAttestor"
        }
      ],
      "description": "One party that can vouch for an image."
    },
    "KeylessAttestor": {
      "type": "object",
      "properties": {
        "type": {
          "type": "string",
          "const": "keyless"
        },
        "issuer": {
          "type": "string",
          "description": "The OIDC issuer, compared byte for byte with the certificate."
        },
        "subject": {
          "$ref": "#/definitions/Subject",
          "description": "The subject alternative name."
        },
        "certificate": {
          "$ref": "#/definitions/CertificateClaims",
          "description": "Further claims of the certificate that must be exactly these."
        },
        "trustRoot": {
          "type": "string",
          "description": "Name of the trust root: `sigstore` (public good), `github`, or one that the verifier was given."
        },
        "transparency": {
          "$ref": "#/definitions/Transparency",
          "default": "- log and SCT required"
        }
      },
      "required": [
        "type",
        "issuer",
        "subject",
        "trustRoot"
      ],
      "additionalProperties": false,
      "description": "A short-lived certificate of a Fulcio instance for one exact identity."
    },
    "Subject": {
      "anyOf": [
        {
          "type": "string"
        },
        {
          "$ref": "#/definitions/WorkflowSubject"
        }
      ],
      "description": "The certificate's subject alternative name: exactly this string, or a workflow at one of several refs."
    },
    "WorkflowSubject": {
      "type": "object",
      "properties": {
        "workflow": {
          "type": "string",
          "description": "Exact, for example `https://github.com/acme/app/.github/workflows/release.yml`."
        },
        "refs": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "description": "Full refs such as `refs/heads/main` or `refs/tags/v*`; `*` stands for any characters but `/`, after `refs/heads/` or `refs/tags/`.",
          "minItems": 1
        }
      },
      "required": [
        "workflow",
        "refs"
      ],
      "additionalProperties": false,
      "description": "`<workflow>@<ref>`, where the workflow is exact and the ref matches one of the patterns.\n\nThe form of the identity that GitHub and GitLab put into certificates."
    },
    "CertificateClaims": {
      "type": "object",
      "properties": {
        "buildSignerUri": {
          "type": "string",
          "description": ".9"
        },
        "buildSignerDigest": {
          "type": "string",
          "description": ".10"
        },
        "runnerEnvironment": {
          "type": "string",
          "description": ".11, for example `github-hosted`"
        },
        "sourceRepositoryUri": {
          "type": "string",
          "description": ".12, for example `https://github.com/acme/app`"
        },
        "sourceRepositoryDigest": {
          "type": "string",
          "description": ".13, the commit"
        },
        "sourceRepositoryRef": {
          "type": "string",
          "description": ".14; a pattern as in `WorkflowSubject.refs`"
        },
        "sourceRepositoryId": {
          "type": "string",
          "description": ".15, numeric id as a string"
        },
        "sourceRepositoryOwnerUri": {
          "type": "string",
          "description": ".16"
        },
        "sourceRepositoryOwnerId": {
          "type": "string",
          "description": ".17, numeric id as a string"
        },
        "buildConfigUri": {
          "type": "string",
          "description": ".18, the calling workflow `repo/path@ref`"
        },
        "buildConfigDigest": {
          "type": "string",
          "description": ".19"
        },
        "buildTrigger": {
          "type": "string",
          "description": ".20, for example `push`"
        },
        "sourceRepositoryVisibility": {
          "type": "string",
          "description": ".22"
        },
        "workflowName": {
          "type": "string",
          "description": ".4, the workflow's display name"
        }
      },
      "additionalProperties": false,
      "description": "Exact values of Fulcio's certificate extensions (1.3.6.1.4.1.57264.1.x); a claim that is named must be there and equal."
    },
    "Transparency": {
      "type": "object",
      "properties": {
        "log": {
          "$ref": "#/definitions/Demand",
          "description": "An entry in a transparency log of the trust root.",
          "default": "required"
        },
        "timestamp": {
          "$ref": "#/definitions/Demand",
          "description": "A timestamp by an authority of the trust root; a keyless attestor without log always needs it.",
          "default": "notRequired"
        },
        "sct": {
          "$ref": "#/definitions/Demand",
          "description": "The certificate's proof of its own logging (keyless only).",
          "default": "required"
        },
        "reason": {
          "type": "string",
          "description": "Why log or SCT are not required."
        }
      },
      "additionalProperties": false,
      "description": "What ties a signature to public view and to a moment.\n\nEverything is required unless it is named here; whatever is not required needs a reason."
    },
    "Demand": {
      "type": "string",
      "enum": [
        "required",
        "notRequired"
      ]
    },
    "KeyAttestor": {
      "type": "object",
      "properties": {
        "type": {
          "type": "string",
          "const": "key"
        },
        "publicKey": {
          "type": "string",
          "description": "PEM, SubjectPublicKeyInfo: P-256, P-384, P-521, RSA of at least 2048 bits, or Ed25519."
        },
        "trustRoot": {
          "type": "string",
          "description": "Trust root of the log and timestamp authority.",
          "default": "sigstore"
        },
        "transparency": {
          "$ref": "#/definitions/Transparency",
          "default": "- log required"
        }
      },
      "required": [
        "type",
        "publicKey"
      ],
      "additionalProperties": false,
      "description": "A public key."
    },
    "Requirement": {
      "anyOf": [
        {
          "$ref": "#/definitions/SignatureRequirement"
        },
        {
          "$ref": "#/definitions/AttestationRequirement"
        }
      ],
      "description": "One thing that must be proven about an image."
    },
    "SignatureRequirement": {
      "type": "object",
      "properties": {
        "name": {
          "type": "string",
          "description": "DNS-1123 label, unique within the policy."
        },
        "attestors": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "description": "Names of attestors of this policy whose word counts.",
          "minItems": 1
        },
        "threshold": {
          "type": "number",
          "description": "How many *different* attestors must vouch for the image's digest.",
          "default": 1,
          "minimum": 1
        },
        "type": {
          "type": "string",
          "const": "signature"
        }
      },
      "required": [
        "attestors",
        "name",
        "type"
      ],
      "additionalProperties": false,
      "description": "A statement that says \"signed\"; an SBOM or a provenance by the same signer is not one."
    },
    "AttestationRequirement": {
      "type": "object",
      "properties": {
        "name": {
          "type": "string",
          "description": "DNS-1123 label, unique within the policy."
        },
        "attestors": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "description": "Names of attestors of this policy whose word counts.",
          "minItems": 1
        },
        "threshold": {
          "type": "number",
          "description": "How many *different* attestors must vouch for the image's digest.",
          "default": 1,
          "minimum": 1
        },
        "type": {
          "type": "string",
          "const": "attestation"
        },
        "predicateType": {
          "type": "string",
          "description": "Compared byte for byte."
        },
        "checks": {
          "$ref": "#/definitions/PredicateChecks",
          "description": "What the predicate must say.",
          "default": "- its presence is enough"
        }
      },
      "required": [
        "attestors",
        "name",
        "predicateType",
        "type"
      ],
      "additionalProperties": false,
      "description": "A statement of one predicate type whose checks all hold on one and the same attestation."
    },
    "PredicateChecks": {
      "$ref": "#/definitions/SlsaProvenanceChecks"
    },
    "SlsaProvenanceChecks": {
      "type": "object",
      "properties": {
        "type": {
          "type": "string",
          "const": "slsa-provenance"
        },
        "source": {
          "type": "string",
          "description": "Repository the source came from, exact, for example `https://github.com/acme/app`."
        },
        "sourceRefs": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "description": "Refs the source may come from, as patterns like `WorkflowSubject.refs`.",
          "default": "- whatever the attestor's certificate vouches for",
          "minItems": 1
        },
        "builderIds": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "description": "Exact builder ids.",
          "default": "- the signer's own identity (certificate's build signer, else subject)",
          "minItems": 1
        },
        "buildTypes": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "description": "Exact build types.",
          "default": "- `https://actions.github.io/buildtypes/workflow/v1`",
          "minItems": 1
        },
        "level": {
          "$ref": "#/definitions/SlsaLevel",
          "description": "SLSA build level that signer and builder must reach.",
          "default": 2
        },
        "externalParameters": {
          "type": "object",
          "additionalProperties": {
            "$ref": "#/definitions/Json"
          },
          "description": "External parameters beyond the build type's own, by key, each exactly equal; one that is not named here is refused."
        }
      },
      "required": [
        "type",
        "source"
      ],
      "additionalProperties": false,
      "description": "SLSA v1 provenance: what was built, from where, by whom; certificate and predicate must agree."
    },
    "SlsaLevel": {
      "type": "number",
      "enum": [
        1,
        2,
        3
      ]
    },
    "Json": {
      "anyOf": [
        {
          "type": "null"
        },
        {
          "type": "boolean"
        },
        {
          "type": "number"
        },
        {
          "type": "string"
        },
        {
          "type": "array",
          "items": {
            "$ref": "#/definitions/Json"
          }
        },
        {
          "type": "object",
          "additionalProperties": {
            "$ref": "#/definitions/Json"
          }
        }
      ],
      "description": "A JSON value."
    },
    "ImageExemption": {
      "type": "object",
      "properties": {
        "apiVersion": {
          "$ref": "#/definitions/ApiVersion"
        },
        "kind": {
          "type": "string",
          "const": "ImageExemption"
        },
        "metadata": {
          "$ref": "#/definitions/Metadata"
        },
        "spec": {
          "$ref": "#/definitions/ImageExemptionSpec"
        }
      },
      "required": [
        "apiVersion",
        "kind",
        "metadata",
        "spec"
      ],
      "additionalProperties": false,
      "description": "\"Exactly these digests may run without proof until a date.\"\n\nAn exempted digest needs no other policy; after `until` the document has no effect and what is left decides."
    },
    "ImageExemptionSpec": {
      "type": "object",
      "properties": {
        "reason": {
          "type": "string",
          "description": "Why.",
          "minLength": 1
        },
        "owner": {
          "type": "string",
          "description": "Who answers for it: a person, a team or an address.",
          "minLength": 1
        },
        "until": {
          "type": "string",
          "description": "From this instant on it has no effect. `YYYY-MM-DD` (start of that day in UTC) or an RFC 3339 date-time with offset."
        },
        "image": {
          "type": "string",
          "description": "One fully qualified repository, no wildcard."
        },
        "digests": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "description": "`sha256:…`, exact.",
          "minItems": 1
        },
        "namespaces": {
          "$ref": "#/definitions/NamespaceSelection",
          "default": "- every namespace except `kube-system`"
        }
      },
      "required": [
        "digests",
        "image",
        "owner",
        "reason",
        "until"
      ],
      "additionalProperties": false
    }
  }
};
