"use strict";
// A fake Zigbee stick with its devices. It knows ZCL frames; it must not know MQTT, nor what Zigbee2MQTT makes of a frame.

const obey = require("./obey.js");

const COORDINATOR = "0x00124b0000000001";
const HOME_AUTOMATION = 0x0104;
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

module.exports = (Adapter, Zcl, Zdo, devices) => {
    const { GLOBAL, SPECIFIC } = Zcl.FrameType;
    const { SERVER_TO_CLIENT } = Zcl.Direction;
    const clusterId = (name) => Zcl.Utils.getCluster(name, undefined, {}).ID;

    class FakeRadio extends Adapter {
        // Far from where Zigbee2MQTT's own numbers begin: a report with the number of an answer is dropped as a repetition.
        sequence = 127;

        // --- the stick -----------------------------------------------------------------------------------------------

        async start() {
            tell({ event: "radio_started" });
            return "resumed";
        }
        async stop() {}
        async reset() {}
        async permitJoin() {}
        async addInstallCode() {}
        async setChannelInterPAN() {}
        async restoreChannelInterPAN() {}
        async sendZclFrameToAll() {}
        async sendZclFrameInterPANToIeeeAddr() {}
        async sendZclFrameInterPANBroadcast() { throw new Error("nobody answers between networks"); }
        async supportsBackup() { return false; }
        async getCoordinatorIEEE() { return COORDINATOR; }
        async getCoordinatorVersion() { return { type: "fake", meta: { revision: 1 } }; }
        async getNetworkParameters() { return { panID: 6754, extendedPanID: "0x0807060504030201", channel: 11, nwkUpdateID: 0 }; }
        // Only the inclusion of Green Power devices and some vendors' quirks wait for a frame that nobody asked for.
        waitFor() { return { promise: new Promise(() => {}), cancel: () => {} }; }

        /** Answers questions about the network: who are you, which endpoints have you; grants bindings and leaves. */
        async sendZdo(address, network, request, payload, disableResponse) {
            if (disableResponse) return undefined;
            const device = this.reach(network);
            const ok = (answer) => [Zdo.Status.SUCCESS, answer];
            switch (request) {
                case Zdo.ClusterId.NODE_DESCRIPTOR_REQUEST:
                    return ok({
                        nwkAddress: network, logicalType: { Router: 1, EndDevice: 2 }[device?.type] ?? 0,
                        manufacturerCode: device?.vendorId ?? 0, capabilities: {}, serverMask: { stackComplianceRevision: 22 },
                    });
                case Zdo.ClusterId.ACTIVE_ENDPOINTS_REQUEST:
                    return ok({ nwkAddress: network, endpointList: Object.keys(device?.endpoints ?? { 1: {} }).map(Number) });
                case Zdo.ClusterId.SIMPLE_DESCRIPTOR_REQUEST: {
                    // The request: a sequence byte, the network address in two bytes, the endpoint.
                    const endpoint = payload[3];
                    const inClusterList = Object.keys(device?.endpoints[endpoint] ?? {}).map(clusterId);
                    return ok({ nwkAddress: network, endpoint, profileId: HOME_AUTOMATION, deviceId: 0, inClusterList, outClusterList: [] });
                }
                case Zdo.ClusterId.LQI_TABLE_REQUEST:
                    return ok({ neighborTableEntries: 0, startIndex: 0, entryList: [] });
                case Zdo.ClusterId.LEAVE_REQUEST:
                    if (device) device.away = true;
                    return ok(undefined);
                default:
                    return ok(undefined);
            }
        }

        async sendZclFrameToEndpoint(address, network, endpoint, frame, timeout, disableResponse) {
            const device = this.reach(network);
            const answer = this.answer(device, endpoint, frame);
            if (!answer) return undefined;
            const received = this.received(device, endpoint, answer);
            // An answer is also a frame like any other: by it a device counts as seen, and a value that was read is published.
            this.emit("zclPayload", received);
            return disableResponse ? undefined : received;
        }

        /** A group's members hear its command; none of them answers. */
        async sendZclFrameToGroup(group, frame) {
            const members = Object.values(devices).filter((device) => device.groups?.has(group) && !device.silent && !device.away);
            for (const device of members) for (const endpoint of Object.keys(device.endpoints)) this.answer(device, endpoint, frame);
        }

        // --- the devices ---------------------------------------------------------------------------------------------

        /** The device at a network address, none for the stick itself. Fails at once where a real radio fails after ten seconds. */
        reach(network) {
            if (network === 0) return undefined;
            const device = Object.values(devices).find((device) => device.network === network);
            if (!device || device.silent || device.away) throw new Error(`no answer from ${device?.name ?? network}`);
            return device;
        }

        answer(device, endpoint, frame) {
            const { cluster, command, header } = frame;
            const own = device?.endpoints[endpoint]?.[cluster.name];
            const attribute = (id) => Zcl.Utils.getClusterAttribute(cluster, id, header.manufacturerCode);
            const reply = (type, name, payload) =>
                Zcl.Frame.create(type, SERVER_TO_CLIENT, true, header.manufacturerCode, header.transactionSequenceNumber, name, cluster, payload, {});
            if (header.isSpecific) {
                const { payload } = frame;
                tell({ event: "command", device: device?.name, endpoint: Number(endpoint), cluster: cluster.name, command: command.name, payload });
                if (cluster.name === "genGroups" && command.name === "add") (device.groups ??= new Set()).add(payload.groupid);
                if (own) this.change(device, endpoint, obey(cluster.name, command.name, payload, device.endpoints[endpoint]));
                if (command.response !== undefined) return reply(SPECIFIC, command.response, { ...payload, status: 0 });
                return header.frameControl.disableDefaultResponse ? undefined : reply(GLOBAL, "defaultRsp", { cmdId: command.ID, statusCode: 0 });
            }
            switch (command.name) {
                case "read":
                    return reply(GLOBAL, "readRsp", frame.payload.map(({ attrId }) => {
                        const attrData = own?.[attribute(attrId)?.name];
                        if (attrData === undefined) return { attrId, status: Zcl.Status.UNSUPPORTED_ATTRIBUTE };
                        return { attrId, status: Zcl.Status.SUCCESS, dataType: attribute(attrId).type, attrData };
                    }));
                case "write":
                    for (const { attrId, attrData } of frame.payload) if (own && attribute(attrId)) own[attribute(attrId).name] = attrData;
                    return reply(GLOBAL, "writeRsp", [{ status: Zcl.Status.SUCCESS }]);
                case "configReport":
                    return reply(GLOBAL, "configReportRsp", [{ status: Zcl.Status.SUCCESS }]);
                case "defaultRsp":
                case "readRsp":
                    return undefined;
                default:
                    return reply(GLOBAL, "defaultRsp", { cmdId: command.ID, statusCode: Zcl.Status.UNSUP_COMMAND });
            }
        }

        /** Takes over new values and reports those that differ, as a device with configured reporting does. */
        change(device, endpoint, changes) {
            for (const [cluster, attributes] of Object.entries(changes)) {
                const own = device.endpoints[endpoint][cluster];
                const changed = Object.entries(attributes).filter(([name, value]) => own[name] !== value);
                Object.assign(own, attributes);
                const changedAttributes = Object.fromEntries(changed);
                // Later, because the command's own answer goes first; a test may have silenced the device by then.
                if (changed.length) setImmediate(() => device.silent || this.say(device, { endpoint, cluster, attributes: changedAttributes, remote: true }));
            }
        }

        /** A device speaks by itself: reports attributes, or sends a command such as an alarm. */
        say(device, { endpoint = Object.keys(device.endpoints)[0], cluster, attributes, command, payload = {}, remote = false }) {
            if (device.silent || device.away) throw new Error(`${device.name} is out of reach`);
            const definition = Zcl.Utils.getCluster(cluster, device.vendorId, {});
            this.sequence = (this.sequence + 1) % 256;
            const send = (type, name, content) => {
                const frame = Zcl.Frame.create(type, SERVER_TO_CLIENT, true, undefined, this.sequence, name, definition, content, {});
                this.emit("zclPayload", this.received(device, endpoint, frame));
            };
            if (command) return send(SPECIFIC, definition.commandsResponse[command] ?? definition.commands[command], payload);
            const marks = remote ? device.marks?.[cluster] : {};
            return send(GLOBAL, "report", Object.entries({ ...attributes, ...marks }).map(([name, value]) => {
                // An attribute that no specification names comes as {type, value} under its number.
                if (value?.type !== undefined) return { attrId: Number(name), dataType: value.type, attrData: value.value };
                const attribute = Zcl.Utils.getClusterAttribute(definition, name, undefined);
                if (!attribute) throw new Error(`${cluster} has no attribute ${name}`);
                const own = device.endpoints[endpoint]?.[cluster];
                if (own) own[name] = value;
                return { attrId: attribute.ID, dataType: attribute.type, attrData: value };
            }));
        }

        received(device, endpoint, frame) {
            return {
                clusterID: frame.cluster.ID, header: frame.header, data: frame.toBuffer(), address: device?.network ?? 0,
                endpoint: Number(endpoint), linkquality: 120, groupID: 0, wasBroadcast: false, destinationEndpoint: 1,
            };
        }
    }

    return { FakeRadio };
};
