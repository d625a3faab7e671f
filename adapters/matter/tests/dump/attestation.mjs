// Writes what devices, honest and not, show for themselves when they are added, to ../data/attestation.json: made with
// matter.js's own certificates and declarations, under the official test root Chip-Test-PAA-NoVID.
import "@matter/main/platform";
import { Bytes, NodeJsStyleCrypto, PrivateKey } from "@matter/general";
import * as nodeCrypto from "node:crypto";
import {
    CertificationDeclaration, Dac, Pai, TestCert_PAA_NoVID_PrivateKey, TestCert_PAA_NoVID_PublicKey,
    TestCert_PAA_NoVID_SKID, TlvAttestation,
} from "@matter/protocol";
import { writeFileSync } from "node:fs";

const crypto = new NodeJsStyleCrypto(nodeCrypto);
const hex = bytes => Buffer.from(Bytes.of(bytes)).toString("hex");
const sha1 = async bytes => Bytes.of(await crypto.computeHash(bytes, "SHA-1"));
// The test signer of declarations; its private key is public (Chip-Test-CD-Signing-Key).
const signer = PrivateKey(Bytes.fromHex("AEF3484116E9481EC57BE0472DF41BF499064E5024AD869ECA5E889802D48075"));
const signerId = Bytes.fromHex("62FA823359ACFAA9963E1CFA140ADDF504F37160");
const root = PrivateKey(TestCert_PAA_NoVID_PrivateKey, { publicKey: TestCert_PAA_NoVID_PublicKey });
// Seconds since 2000, as certificates count; years from 2025 on.
const year = years => 788918400 + Math.round(years * 31557600);
const base = { signatureAlgorithm: 1, publicKeyAlgorithm: 1, ellipticCurveIdentifier: 1, notBefore: year(0), notAfter: year(40) };
const [good, strangerRoot, strangerIntermediate, strangerSigner] = await Promise.all([1, 2, 3, 4].map(() => crypto.createKeyPair()));
const challenge = Bytes.fromHex("000102030405060708090a0b0c0d0e0f");
const nonce = Bytes.fromHex("5a".repeat(32));

/** The evidence of a device that differs from an honest one in what is named. */
async function evidence(odd = {}) {
    const intermediate = await crypto.createKeyPair();
    const device = await crypto.createKeyPair();
    const rootId = odd.rootId ?? TestCert_PAA_NoVID_SKID;
    const paiVendor = odd.paiVendor ?? 0xfff1;
    const pai = new Pai({
        ...base, serialNumber: Bytes.fromHex("01"), issuer: { commonName: "Matter Test PAA" },
        subject: { commonName: "Hearth PAI", vendorId: paiVendor, productId: odd.paiProduct },
        ellipticCurvePublicKey: intermediate.publicKey, ...odd.pai,
        extensions: {
            basicConstraints: { isCa: true, pathLen: 0 }, keyUsage: { keyCertSign: true, cRLSign: true },
            subjectKeyIdentifier: await sha1(intermediate.publicKey), authorityKeyIdentifier: rootId, ...odd.paiExtensions,
        },
    });
    await pai.sign(crypto, odd.rootKey ?? root);
    const dac = new Dac({
        ...base, serialNumber: Bytes.fromHex("02"), issuer: { commonName: "Hearth PAI", vendorId: paiVendor },
        subject: { commonName: "Hearth DAC", vendorId: odd.dacVendor ?? 0xfff1, productId: odd.dacProduct ?? 0x8000 },
        ellipticCurvePublicKey: device.publicKey, ...odd.dac,
        extensions: {
            basicConstraints: { isCa: false }, keyUsage: { digitalSignature: true },
            subjectKeyIdentifier: await sha1(device.publicKey), authorityKeyIdentifier: await sha1(intermediate.publicKey), ...odd.dacExtensions,
        },
    });
    await dac.sign(crypto, odd.intermediateKey ?? intermediate);
    const declaration = new CertificationDeclaration({
        formatVersion: 1, vendorId: 0xfff1, produceIdArray: [0x8000], deviceTypeId: 0x16, certificateId: "CSA00000SWC00000-00",
        securityLevel: 0, securityInformation: 0, versionNumber: 1, certificationType: 0, ...odd.declaration,
    }, odd.signerId ?? signerId);
    const elements = TlvAttestation.encode({
        declaration: await declaration.asSignedAsn1(crypto, odd.signer ?? signer), attestationNonce: odd.nonce ?? nonce, timestamp: 0,
    });
    const signature = (await crypto.signEcdsa(odd.deviceKey ?? device, [elements, odd.challenge ?? challenge])).bytes;
    const shown = { device: dac.asSignedDer ? await dac.asSignedDer() : dac, intermediate: await pai.asSignedDer(), elements, signature };
    return Object.fromEntries(Object.entries(shown).map(([name, bytes]) => [name, hex(bytes)]));
}

/** Maker and product in the text of common names (6.2.2.2). */
const named = (vendor, product) => ({
    pai: { subject: { commonName: "Hearth PAI Mvid:FFF1" } },
    dac: { issuer: { commonName: "Hearth PAI Mvid:FFF1" }, subject: { commonName: `Hearth DAC Mvid:${vendor} Mpid:${product}` } },
});

const paaId = Bytes.of(TestCert_PAA_NoVID_SKID);
const cases = {
    honest: {},
    "intermediate for one product": { paiProduct: 0x8000 },
    "declaration with origin": { dacVendor: 0xfff2, paiVendor: 0xfff2, dacProduct: 0x8009, declaration: { dacOriginVendorId: 0xfff2, dacOriginProductId: 0x8009 } },
    "declaration for several products": { declaration: { produceIdArray: [0x8001, 0x8000, 0x8002] } },
    "declaration that names the root": { declaration: { authorizedPaaList: [paaId] } },
    "maker and product in common names": named("FFF1", "8000"),
    "unknown root": { rootKey: strangerRoot, rootId: await sha1(strangerRoot.publicKey) },
    "stranger in the root's name": { rootKey: strangerRoot },
    "stranger in the intermediate's name": { intermediateKey: strangerIntermediate },
    "device of another intermediate": { dacExtensions: { authorityKeyIdentifier: await sha1(strangerIntermediate.publicKey) } },
    "intermediate that is no authority": { paiExtensions: { basicConstraints: { isCa: false } } },
    "device that is an authority": { dacExtensions: { basicConstraints: { isCa: true } } },
    "device key for other uses": { dacExtensions: { keyUsage: { keyCertSign: true } } },
    "intermediate key for other uses": { paiExtensions: { keyUsage: { digitalSignature: true } } },
    "intermediate of a later day": { pai: { notBefore: year(2) }, dac: { notBefore: year(1) } },
    "intermediate that had ended": { pai: { notAfter: year(1) }, dac: { notBefore: year(2) } },
    "device of another maker": { dacVendor: 0xfff2 },
    "device of another product": { dacProduct: 0x8001 },
    "intermediate for another product": { paiProduct: 0x8001 },
    "signed by another key": { deviceKey: good },
    "signed for another session": { challenge: Bytes.fromHex("ff".repeat(16)) },
    "answer to another nonce": { nonce: Bytes.fromHex("a5".repeat(32)) },
    "declaration of another maker": { declaration: { vendorId: 0xfff2 } },
    "declaration of another product": { declaration: { produceIdArray: [0x8001] } },
    "declaration by a stranger": { signer: strangerSigner, signerId: await sha1(strangerSigner.publicKey) },
    "declaration forged in the signer's name": { signer: strangerSigner },
    "official declaration by the test signer": { declaration: { certificationType: 2 } },
    "declaration with another origin": { declaration: { dacOriginVendorId: 0xfff2, dacOriginProductId: 0x8009 } },
    "declaration that names another root": { declaration: { authorizedPaaList: [await sha1(strangerRoot.publicKey)] } },
    "another maker in a common name": named("FFF2", "8000"),
    "another product in a common name": named("FFF1", "8001"),
};
const out = {};
for (const [name, odd] of Object.entries(cases)) {
    try { out[name] = await evidence(odd); } catch (e) { console.log("FAIL", name, String(e), e.stack?.split("\n")[1]); }
}
writeFileSync(new URL("../data/attestation.json", import.meta.url), JSON.stringify(out, null, 1) + "\n");
console.log(Object.keys(out).length, "of", Object.keys(cases).length);
process.exit(0);
