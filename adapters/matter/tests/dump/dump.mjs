// Writes every attribute of every device of zoo.mjs to ../data, as it goes over the wire.
import "@matter/main/platform";
import { Environment, Logger, ServerNode, VendorId } from "@matter/main";
import { Read } from "@matter/protocol";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { built, zoo } from "./zoo.mjs";

const data = new URL("../data/", import.meta.url).pathname;
const storage = mkdtempSync(join(tmpdir(), "matter-dump-"));
Environment.default.vars.set("storage.path", storage);
Logger.level = "fatal";
mkdirSync(data, { recursive: true });

// Access, keys, groups, networks and clocks: the hub does not keep them.
const silent = new Set([4, 31, 43, 44, 45, 48, 49, 56, 60, 62, 63, 70, 98]);
// The list of responses and the revision of a cluster.
const unused = new Set([0xfff8, 0xfffd]);

/** A stream of TLV elements as JSON. */
function plain(stream) {
    let at = 0;
    const until = (end, take) => { const all = []; while (stream[at].typeLength.type !== end) all.push(take()); at++; return all; };
    const one = () => {
        const element = stream[at++];
        switch (element.typeLength.type) {
            case 0: case 4: case 10: return Number(element.value);
            case 8: return element.typeLength.value ?? element.value;
            case 12: return element.value;
            case 16: return { hex: Buffer.from(element.value).toString("hex") };
            case 20: return null;
            case 21: return Object.fromEntries(until(24, () => [stream[at].tag.id, one()]));
            case 22: case 23: return until(24, one);
            default: throw new Error(`TLV type ${element.typeLength.type}`);
        }
    };
    return one();
}

async function dump(name, parts) {
    const node = await ServerNode.create({
        id: name, network: { port: 0 }, commissioning: { passcode: 20202021, discriminator: 3000 },
        basicInformation: {
            vendorName: "Hearth tests", vendorId: VendorId(0xfff1), productName: `Virtual ${name}`, productLabel: `Virtual ${name}`,
            productId: 0x8000, serialNumber: `sn-${name}`, uniqueId: `uid-${name}`, softwareVersion: 7, softwareVersionString: "7.0",
        },
    });
    for (const [at, part] of parts().entries()) await node.add(built(part, `e${at}`));
    await node.start();
    const found = [];
    await node.act("dump", async agent => {
        for await (const chunk of node.interaction.read(Read({ attributes: [{}] }), agent.context)) {
            for (const { kind, path, tlv, value } of chunk) {
                if (kind !== "attr-value" || silent.has(path.clusterId) || unused.has(path.attributeId)) continue;
                found.push([[path.endpointId, path.clusterId, path.attributeId], plain(tlv.encodeTlv(value))]);
            }
        }
    });
    found.sort(([a], [b]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    const lines = found.map(([path, value]) => ` "${path.join("/")}": ${JSON.stringify(value)}`);
    writeFileSync(join(data, `${name}.json`), `{\n${lines.join(",\n")}\n}\n`);
    await node.close();
}

for (const [name, parts] of Object.entries(zoo)) await dump(name, parts);
rmSync(storage, { recursive: true });
process.exit(0);
