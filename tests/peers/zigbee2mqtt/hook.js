"use strict";
// Loaded with `node -r` before a real Zigbee2MQTT: puts the fake radio where the serial adapter would be, and gives a
// new run a data folder that looks as if the devices had joined earlier. All else stays what npm delivers, but for one
// waiting time (see the end).

const fs = require("node:fs");
const path = require("node:path");

// The packages live beside the started script, which is not where this file lives.
const beside = [path.dirname(fs.realpathSync(process.argv[1]))];
const ofPeer = (name) => require(require.resolve(name, { paths: beside }));

const { Adapter } = ofPeer("zigbee-herdsman/dist/adapter/adapter");
const Zcl = ofPeer("zigbee-herdsman/dist/zspec/zcl");
const Zdo = ofPeer("zigbee-herdsman/dist/zspec/zdo");
const devices = require("./devices.js");
const { FakeRadio } = require("./radio.js")(Adapter, Zcl, Zdo, devices);

Adapter.create = async (...options) => {
    const radio = new FakeRadio(...options);
    require("./drive.js")(radio, devices);
    return radio;
};

const joined = Object.values(devices).filter((device) => !device.away);

/** Zigbee2MQTT's settings: the template, and the devices by the names of devices.js. */
function settings() {
    const names = joined.flatMap((device) => [
        `  '${device.address}':`,
        `    friendly_name: ${device.name}`,
        // JSON is YAML.
        ...Object.entries(device.options ?? {}).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`),
    ]);
    return `${fs.readFileSync(path.join(__dirname, "configuration.yaml"), "utf8")}devices:\n${names.join("\n")}\n`;
}

/** Herdsman's database, one JSON line per device: joining eleven devices in each run would take far longer. */
function database() {
    const clusterId = (name) => Zcl.Utils.getCluster(name, undefined, {}).ID;
    const row = (device, index) => {
        const basic = Object.values(device.endpoints)[0].genBasic;
        const endpoints = Object.entries(device.endpoints).map(([id, clusters]) => [id, {
            profId: 0x0104, epId: Number(id), devId: 0, inClusterList: Object.keys(clusters).map(clusterId), outClusterList: [],
            clusters: Object.fromEntries(Object.entries(clusters).map(([name, attributes]) => [name, { attributes }])),
            binds: [], configuredReportings: [], meta: {},
        }]);
        return JSON.stringify({
            id: index + 1, type: device.type, ieeeAddr: device.address, nwkAddr: device.network, manufId: device.vendorId,
            manufName: basic.manufacturerName, modelId: basic.modelId, powerSource: device.type === "Router" ? "Mains (single phase)" : "Battery",
            epList: endpoints.map(([id]) => Number(id)), endpoints: Object.fromEntries(endpoints),
            appVersion: basic.appVersion, stackVersion: basic.stackVersion, hwVersion: basic.hwVersion, zclVersion: basic.zclVersion,
            dateCode: basic.dateCode, swBuildId: basic.swBuildId, lastSeen: Date.now(),
            interviewCompleted: true, interviewState: "SUCCESSFUL",
            // "Configured" spares the ten seconds per device that Zigbee2MQTT takes to set up their reporting.
            meta: { configured: "0.0.0" },
        });
    };
    return joined.map(row).join("\n");
}

const folder = process.env.ZIGBEE2MQTT_DATA;
if (!folder) throw new Error("ZIGBEE2MQTT_DATA names this run's data folder");
fs.mkdirSync(folder, { recursive: true });
// A second run in the same folder finds what the first one left, as after a real restart.
if (!fs.existsSync(path.join(folder, "configuration.yaml"))) {
    fs.writeFileSync(path.join(folder, "configuration.yaml"), settings());
    fs.writeFileSync(path.join(folder, "database.db"), database());
}

// Before it publishes discovery, Zigbee2MQTT waits five seconds for the retained messages of an earlier run. On
// loopback they come within milliseconds, so every run would only idle.
const { default: HomeAssistant } = ofPeer("zigbee2mqtt/dist/extension/homeassistant");
const { start } = HomeAssistant.prototype;
HomeAssistant.prototype.start = async function shortened() {
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (task, delay, ...rest) => setTimeout(task, delay === 5000 ? 500 : delay, ...rest);
    try {
        await start.call(this);
    } finally {
        globalThis.setTimeout = setTimeout;
    }
};
