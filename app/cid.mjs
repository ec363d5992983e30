// The address of a folder in content-addressed storage (IPFS), computed without a network: CIDv1, sha2-256, files as raw
// leaves in blocks of up to 1 MiB, which is what `ipfs add -r --cid-version 1 --raw-leaves --chunker size-1048576` gives.
import * as dagPb from "@ipld/dag-pb";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { sha256 } from "multiformats/hashes/sha2";

const BLOCK = 1_048_576;
/** UnixFS's word for a directory, in protobuf: type 1. */
const DIRECTORY = new Uint8Array([0x08, 0x01]);

/** Of the files of a folder, which has no folders in it and no file of more than one block. */
export async function cidOf(folder) {
  const links = await Promise.all(
    readdirSync(folder).map(async (name) => {
      const content = readFileSync(join(folder, name));
      if (content.length > BLOCK) throw new Error(`${name} is larger than one block of ${BLOCK} bytes`);
      return { Name: name, Hash: CID.create(1, raw.code, await sha256.digest(content)), Tsize: content.length };
    }),
  );
  const node = dagPb.encode(dagPb.prepare({ Data: DIRECTORY, Links: links }));
  return CID.create(1, dagPb.code, await sha256.digest(node)).toString();
}
