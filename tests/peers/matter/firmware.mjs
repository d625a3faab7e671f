// What devices do at the commands that matter.js leaves to their makers: by server, a class that does it.
const succeeded = { commandResponseState: { errorStateId: 0 } };

const closed = { currentState: 0, currentLevel: 0, openDuration: null, remainingDuration: null };

// What can be paused, as appliances and robots can.
const pausable = (Server) =>
  class extends Server {
    pause() {
      this.state.operationalState = 2;
      return succeeded;
    }
    resume() {
      this.state.operationalState = 1;
      return succeeded;
    }
  };

const appliance = (Server) =>
  class extends pausable(Server) {
    start() {
      this.state.operationalState = 1;
      return succeeded;
    }
    stop() {
      this.state.operationalState = 0;
      return succeeded;
    }
  };

const filter = (Server) =>
  class extends Server {
    resetCondition() {
      this.state.condition = 100;
    }
  };

export const firmware = {
  operationalState: appliance,
  hepaFilterMonitoring: filter,
  activatedCarbonFilterMonitoring: filter,

  // A clock that believes whoever sets it.
  timeSynchronization: (Server) =>
    class extends Server {
      setUtcTime({ utcTime, granularity }) {
        Object.assign(this.state, { utcTime, granularity });
      }
      setTimeZone({ timeZone }) {
        this.state.timeZone = timeZone;
        return { dstOffsetRequired: true };
      }
      setDstOffset({ dstOffset }) {
        this.state.dstOffset = dstOffset;
      }
    },

  rvcOperationalState: (Server) =>
    class extends pausable(Server) {
      goHome() {
        this.state.operationalState = 64;
        return succeeded;
      }
    },

  // A robot whose bin is full says so, and cleans nowhere.
  rvcRunMode: (Server) =>
    class extends Server {
      changeToMode(request) {
        const { errorStateId } = this.agent.rvcOperationalState.state.operationalError;
        if (errorStateId) return { status: errorStateId, statusText: "" };
        this.agent.rvcOperationalState.state.operationalState = request.newMode === 1 ? 1 : 0;
        return super.changeToMode(request);
      }
    },

  valveConfigurationAndControl: (Server) =>
    class extends Server {
      open({ openDuration = this.state.defaultOpenDuration, targetLevel = 100 }) {
        const durations = { openDuration, remainingDuration: openDuration };
        Object.assign(this.state, { currentState: 1, currentLevel: targetLevel, ...durations });
        // When the time is over it closes by itself.
        const [valve, durationMs] = [this.endpoint, openDuration * 1000];
        if (openDuration !== null) setTimeout(() => valve.set({ valveConfigurationAndControl: closed }), durationMs);
      }
      close() {
        Object.assign(this.state, closed);
      }
    },

  fanControl: (Server) =>
    class extends Server {
      initialize() {
        super.initialize();
        this.reactTo(this.events.percentSetting$Changed, (percent) => {
          if (percent !== null) this.state.percentCurrent = percent;
        });
      }
    },

  temperatureControl: (Server) =>
    class extends Server {
      setTemperature({ targetTemperature, targetTemperatureLevel }) {
        if (targetTemperature !== undefined) this.state.temperatureSetpoint = targetTemperature;
        if (targetTemperatureLevel !== undefined) this.state.selectedTemperatureLevel = targetTemperatureLevel;
      }
    },

  smokeCoAlarm: (Server) =>
    class extends Server {
      selfTestRequest() {
        this.state.testInProgress = true;
      }
    },

  mediaPlayback: (Server) =>
    class extends Server {
      play() {
        this.state.currentState = 0;
        return { status: 0 };
      }
      pause() {
        this.state.currentState = 1;
        return { status: 0 };
      }
      stop() {
        this.state.currentState = 2;
        return { status: 0 };
      }
    },

  mediaInput: (Server) =>
    class extends Server {
      selectInput({ index }) {
        this.state.currentInput = index;
      }
    },

  keypadInput: (Server) =>
    class extends Server {
      // It has no other keys.
      sendKey({ keyCode }) {
        return { status: keyCode <= 9 ? 0 : 1 };
      }
    },
};
