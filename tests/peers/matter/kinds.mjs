// What each kind of device consists of: the zoo that the adapter's own tests know (adapters/matter/tests/dump/zoo.mjs), with
// what a device's firmware does at a command.
import { Endpoint } from "@matter/main";
import { AggregatorEndpoint } from "@matter/main/endpoints/aggregator";
import { BridgedDeviceBasicInformationServer } from "@matter/main/behaviors/bridged-device-basic-information";
import { firmware } from "./firmware.mjs";
import { built, zoo } from "./zoo.mjs";

const alive = (type) => {
  const servers = Object.values(type.behaviors).filter(({ id }) => firmware[id]);
  return servers.length ? type.with(...servers.map((server) => firmware[server.id](server))) : type;
};

// A child of a bridge: the first part of a kind, behind somebody else's radio.
export const child = (id, kind, label) => {
  const [type, state] = zoo[kind]()[0];
  const description = { nodeLabel: label, productName: label, serialNumber: `serial-${id}`, uniqueId: `unique-${id}`, reachable: true };
  return new Endpoint(alive(type).with(BridgedDeviceBasicInformationServer), { id, bridgedDeviceBasicInformation: description, ...state });
};

// Several kinds are joined by "+": "contact+occupancy".
export const kinds = (kind) => {
  if (kind === "bridge") {
    return { parts: [new Endpoint(AggregatorEndpoint, { id: "bridge" })], deviceType: AggregatorEndpoint.deviceType };
  }
  const parts = kind.split("+").flatMap((one) => zoo[one]());
  return {
    parts: parts.map((part, index) => built(part, `part${index}`, alive)),
    deviceType: parts[0][0].deviceType,
  };
};
