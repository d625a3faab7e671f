// What each kind of device consists of.
import { Endpoint } from "@matter/main";
import { AggregatorEndpoint } from "@matter/main/endpoints/aggregator";
import { OnOffLightDevice } from "@matter/main/devices/on-off-light";
import { DimmableLightDevice } from "@matter/main/devices/dimmable-light";
import { ExtendedColorLightDevice } from "@matter/main/devices/extended-color-light";
import { TemperatureSensorDevice } from "@matter/main/devices/temperature-sensor";
import { HumiditySensorDevice } from "@matter/main/devices/humidity-sensor";
import { ContactSensorDevice } from "@matter/main/devices/contact-sensor";
import { OccupancySensorDevice } from "@matter/main/devices/occupancy-sensor";
import { LightSensorDevice } from "@matter/main/devices/light-sensor";
import { DoorLockDevice } from "@matter/main/devices/door-lock";
import { ThermostatDevice } from "@matter/main/devices/thermostat";
import { WindowCoveringDevice } from "@matter/main/devices/window-covering";
import { OnOffPlugInUnitDevice } from "@matter/main/devices/on-off-plug-in-unit";
import { FanDevice } from "@matter/main/devices/fan";
import { GenericSwitchDevice } from "@matter/main/devices/generic-switch";
import { BridgedDeviceBasicInformationServer } from "@matter/main/behaviors/bridged-device-basic-information";
import { ElectricalPowerMeasurementServer } from "@matter/main/behaviors/electrical-power-measurement";
import { ElectricalEnergyMeasurementServer } from "@matter/main/behaviors/electrical-energy-measurement";
import { PowerTopologyServer } from "@matter/main/behaviors/power-topology";
import { PowerSourceServer } from "@matter/main/behaviors/power-source";
import { ThermostatServer } from "@matter/main/behaviors/thermostat";
import { WindowCoveringServer } from "@matter/main/behaviors/window-covering";
import { OccupancySensingServer } from "@matter/main/behaviors/occupancy-sensing";
import { SwitchServer } from "@matter/main/behaviors/switch";

const accuracy = (measurementType, maxMeasuredValue) => ({
  measurementType,
  measured: true,
  minMeasuredValue: 0,
  maxMeasuredValue,
  accuracyRanges: [{ rangeMin: 0, rangeMax: maxMeasuredValue, percentMax: 100 }],
});

const single = {
  light: () => [OnOffLightDevice, {}],
  dimmable: () => [DimmableLightDevice, { levelControl: { currentLevel: 128 } }],
  color: () => [
    ExtendedColorLightDevice,
    {
      colorControl: {
        colorTempPhysicalMinMireds: 153,
        colorTempPhysicalMaxMireds: 500,
        coupleColorTempToLevelMinMireds: 153,
        startUpColorTemperatureMireds: 250,
        colorMode: 2,
        enhancedColorMode: 2,
        colorTemperatureMireds: 250,
        currentX: 20000,
        currentY: 20000,
      },
    },
  ],
  temperature: () => [
    TemperatureSensorDevice,
    { temperatureMeasurement: { measuredValue: 2150, minMeasuredValue: -4000, maxMeasuredValue: 12500 } },
  ],
  humidity: () => [
    HumiditySensorDevice,
    { relativeHumidityMeasurement: { measuredValue: 4560, minMeasuredValue: 0, maxMeasuredValue: 10000 } },
  ],
  contact: () => [
    ContactSensorDevice.with(PowerSourceServer.with("Battery")),
    {
      booleanState: { stateValue: true },
      powerSource: {
        status: 1,
        order: 1,
        description: "battery",
        batPercentRemaining: 150,
        batChargeLevel: 0,
        batReplacementNeeded: false,
        batReplaceability: 1,
      },
    },
  ],
  occupancy: () => [
    OccupancySensorDevice.with(OccupancySensingServer.with("PassiveInfrared")),
    { occupancySensing: { occupancySensorTypeBitmap: { pir: true }, occupancySensorType: 0 } },
  ],
  illuminance: () => [
    LightSensorDevice,
    { illuminanceMeasurement: { measuredValue: 20000, minMeasuredValue: 1, maxMeasuredValue: 65534 } },
  ],
  lock: () => [
    DoorLockDevice,
    {
      doorLock: {
        lockType: 0,
        lockState: 1,
        actuatorEnabled: true,
        operatingMode: 0,
        supportedOperatingModes: { normal: false, vacation: true, privacy: true, noRemoteLockUnlock: false, passage: true, alwaysSet: 2047 },
      },
    },
  ],
  thermostat: () => [
    ThermostatDevice.with(ThermostatServer.with("Heating", "Cooling", "AutoMode")),
    {
      thermostat: {
        localTemperature: 2050,
        systemMode: 4,
        controlSequenceOfOperation: 4,
        occupiedHeatingSetpoint: 2000,
        occupiedCoolingSetpoint: 2600,
        minHeatSetpointLimit: 700,
        maxHeatSetpointLimit: 3000,
        absMinHeatSetpointLimit: 700,
        absMaxHeatSetpointLimit: 3000,
        minCoolSetpointLimit: 1600,
        maxCoolSetpointLimit: 3200,
        absMinCoolSetpointLimit: 1600,
        absMaxCoolSetpointLimit: 3200,
        minSetpointDeadBand: 20,
      },
    },
  ],
  covering: () => [
    WindowCoveringDevice.with(WindowCoveringServer.with("Lift", "PositionAwareLift")),
    {
      windowCovering: {
        type: 0,
        endProductType: 0,
        configStatus: { operational: true, onlineReserved: true, liftPositionAware: true, liftEncoderControlled: true },
        currentPositionLiftPercent100ths: 0,
        targetPositionLiftPercent100ths: 0,
      },
    },
  ],
  fan: () => [FanDevice, { fanControl: { fanMode: 0, fanModeSequence: 0, percentSetting: 0, percentCurrent: 0 } }],
  switch: () => [
    GenericSwitchDevice.with(SwitchServer.with("MomentarySwitch", "MomentarySwitchRelease", "MomentarySwitchLongPress", "MomentarySwitchMultiPress")),
    { switch: { numberOfPositions: 2, currentPosition: 0, multiPressMax: 3 } },
  ],
  plug: () => [
    OnOffPlugInUnitDevice.with(
      ElectricalPowerMeasurementServer.with("AlternatingCurrent"),
      ElectricalEnergyMeasurementServer.with("ImportedEnergy", "CumulativeEnergy"),
      PowerTopologyServer.with("NodeTopology"),
    ),
    {
      electricalPowerMeasurement: {
        powerMode: 2,
        numberOfMeasurementTypes: 3,
        accuracy: [accuracy(5, 4000000), accuracy(1, 300000), accuracy(2, 16000)],
        activePower: 42500,
        voltage: 230100,
        activeCurrent: 185,
      },
      electricalEnergyMeasurement: { accuracy: accuracy(14, 1000000000), cumulativeEnergyImported: { energy: 1234567 } },
    },
  ],
};

// A child of a bridge: a device of its own, behind somebody else's radio.
export const child = (id, kind, label) => {
  const [type, state] = single[kind]();
  const description = { nodeLabel: label, productName: label, serialNumber: `serial-${id}`, uniqueId: `unique-${id}`, reachable: true };
  return new Endpoint(type.with(BridgedDeviceBasicInformationServer), { id, bridgedDeviceBasicInformation: description, ...state });
};

export const kinds = (kind) => {
  if (kind === "bridge") {
    const bridge = new Endpoint(AggregatorEndpoint, { id: "bridge" });
    return { parts: [bridge], deviceType: AggregatorEndpoint.deviceType };
  }
  // Several parts are joined by "+": "temperature+humidity".
  const parts = kind.split("+").map((one, index) => {
    const [type, state] = single[one]();
    return new Endpoint(type, { id: `${one}${index}`, ...state });
  });
  const [first] = single[kind.split("+")[0]]();
  return { parts, deviceType: first.deviceType };
};
