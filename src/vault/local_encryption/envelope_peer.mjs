// The envelope written a second time from docs/vaults.md, with node:crypto, so that the tests can compare.
//
//   node envelope_peer.mjs open <envelope file> <key file> <vault> <entry>    prints the text; fails on a wrong bind
//   node envelope_peer.mjs seal <text> <key file>                            prints an envelope without bind
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, pbkdf2Sync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

const deriveKey = (keyFile, salt) => pbkdf2Sync(readFileSync(keyFile), salt, 100000, 32, "sha256");

function bindOf(key, parts) {
  const hmac = createHmac("sha256", Buffer.from(hkdfSync("sha256", key, "", "swamp vault bind v1", 32)));
  for (const part of parts.map((part) => Buffer.from(part))) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(part.length));
    hmac.update(length).update(part);
  }
  return hmac.digest();
}

function open([envelopeFile, keyFile, vault, entry]) {
  const envelope = JSON.parse(readFileSync(envelopeFile, "utf8"));
  const [iv, data, salt] = [envelope.iv, envelope.data, envelope.salt].map((text) => Buffer.from(text, "base64"));
  const key = deriveKey(keyFile, salt);
  const decipher = createDecipheriv("aes-256-gcm", key, iv);
  decipher.setAuthTag(data.subarray(-16));
  const text = Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]);
  const bind = bindOf(key, [vault, entry, String(envelope.version), salt, iv, data]);
  if (bind.toString("base64") !== envelope.bind) throw new Error("another bind: " + bind.toString("base64"));
  process.stdout.write(text);
}

function seal([text, keyFile]) {
  const [iv, salt] = [randomBytes(12), randomBytes(16)];
  const cipher = createCipheriv("aes-256-gcm", deriveKey(keyFile, salt), iv);
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  const [a, b, c] = [iv, data, salt].map((bytes) => bytes.toString("base64"));
  process.stdout.write(JSON.stringify({ iv: a, data: b, salt: c, version: 2 }, null, 2));
}

const [verb, ...rest] = process.argv.slice(2);
({ open, seal })[verb](rest);
