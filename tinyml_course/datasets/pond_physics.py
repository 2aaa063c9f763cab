"""A fish pond in two layers: heat, light, oxygen, carbon dioxide, ammonia, from morning to morning.

- Light through clouds: Kasten and Czeplak, Solar Energy 24 (1980). In water it falls off as
  exp(-k z), the more so the more algae there are (Beer and Lambert).
- Heat towards an equilibrium temperature: Edinger, Duttweiler and Geyer, Water Resources Research 4
  (1968). Warm water lies on cold water: mixing falls with the difference of the two layers, and
  rises with wind, aerator and cooling from above.
- Photosynthesis saturates with light: Webb, Newton and Starr, Oecologia 17 (1974). Algae, fish and
  mud breathe, faster when it is warm; fish also after a meal.
- Oxygen at saturation: Benson and Krause, in APHA's Standard Methods 4500-O. The surface gives and
  takes by the wind: Wanninkhof, J. Geophysical Research 97 (1992), simplified.
- pH from carbon dioxide and alkalinity with two dissociation constants: Plummer and Busenberg,
  Geochimica et Cosmochimica Acta 46 (1982), as straight lines between 10 and 35 C.
- Ammonia comes from fish, is eaten by algae and by nitrifying bacteria; the toxic share rises with
  pH and warmth: Emerson et al., J. Fisheries Research Board of Canada 32 (1975).

Constants are round numbers within what textbooks of pond aquaculture give (Boyd and Tucker, "Pond
Aquaculture Water Quality Management", 1998). They belong to no particular pond. Lesson 16.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

STEP_S = 600.0  # of the simulation
STEPS_A_DAY = int(86400 / STEP_S)
SURFACE_M = 0.5  # thickness of the upper layer; the probes hang in it
J_PER_M3_K = 4.18e6
MG_O2_PER_MMOL = 32.0


@dataclass(frozen=True)
class Pond:
    """Ponds side by side; each attribute is an array `(ponds,)`.

    Attributes:
        depth_m: of both layers together.
        algae_ug_l: chlorophyll.
        fish_g_m3: biomass.
        feed_share: of the biomass, a day.
        alkalinity_mmol_l: charge that carbonate balances.
        mud_mg_m2_h: oxygen that the mud takes at 20 C.
        aerator_mg_l_h: oxygen that the aerator brings into water without any, an hour; 0: none.
        first_meal_h, second_meal_h: of the day.
        climate_c: mean temperature of the air.
        daylight_h: from sunrise to sunset.
        noon_h: by the pond's clock, which is somebody's choice.
        latitude_share: of the highest sun's light that noon brings.
    """

    depth_m: np.ndarray
    algae_ug_l: np.ndarray
    fish_g_m3: np.ndarray
    feed_share: np.ndarray
    alkalinity_mmol_l: np.ndarray
    mud_mg_m2_h: np.ndarray
    aerator_mg_l_h: np.ndarray
    first_meal_h: np.ndarray
    second_meal_h: np.ndarray
    climate_c: np.ndarray
    daylight_h: np.ndarray
    noon_h: np.ndarray
    latitude_share: np.ndarray

    def __len__(self) -> int:
        return len(self.depth_m)


@dataclass(frozen=True)
class Weather:
    """`(steps, ponds)` each: clouds 0 to 1, wind in m/s, air in C, light in W/m2."""

    clouds: np.ndarray
    wind_m_s: np.ndarray
    air_c: np.ndarray
    light_w_m2: np.ndarray


@dataclass(frozen=True)
class Water:
    """`(steps, ponds)` each, in the upper layer: what ideal probes would read."""

    ph: np.ndarray
    temperature_c: np.ndarray
    oxygen_mg_l: np.ndarray
    ammonia_mg_l: np.ndarray


def make_ponds(rngs: list[np.random.Generator]) -> Pond:
    """One pond for each generator."""
    drawn = [_make_pond(rng) for rng in rngs]
    return Pond(*(np.array([one[f.name] for one in drawn]) for f in fields(Pond)))


def _make_pond(rng: np.random.Generator) -> dict[str, float]:
    first = rng.uniform(6.5, 9.5)
    return {
        "depth_m": rng.uniform(0.9, 2.0),
        "algae_ug_l": np.exp(rng.uniform(np.log(30), np.log(160))),
        "fish_g_m3": np.exp(rng.uniform(np.log(80), np.log(420))),
        "feed_share": rng.uniform(0.012, 0.03),
        "alkalinity_mmol_l": rng.uniform(0.9, 3.2),
        "mud_mg_m2_h": rng.uniform(25, 90),
        "aerator_mg_l_h": rng.uniform(1.0, 4.0) if rng.random() < 0.6 else 0.0,
        "first_meal_h": first,
        "second_meal_h": first + rng.uniform(6, 9),
        "climate_c": rng.uniform(15, 27),
        "daylight_h": rng.uniform(11, 14.5),
        "noon_h": rng.uniform(11.5, 13.5),
        "latitude_share": rng.uniform(0.75, 1.0),
    }


def make_weather(ponds: Pond, days: int, rngs: list[np.random.Generator]) -> Weather:
    """Days of weather: fair and dull spells, clouds that pass, wind that rises with the sun."""
    steps = days * STEPS_A_DAY
    hour = np.arange(steps) * STEP_S / 3600 % 24
    clouds, wind, front = (np.empty((steps, len(ponds))) for _ in range(3))
    for k, rng in enumerate(rngs):
        day = _walk(days + 2, 0.6, rng)  # how the days are, one like the one before it
        spell = np.interp(np.arange(steps) / STEPS_A_DAY, np.arange(days + 2), day)
        passing = _walk(steps, 1 - STEP_S / 5400, rng)
        clouds[:, k] = 1 / (1 + np.exp(0.6 - 1.6 * spell - 1.0 * passing))
        gusts = _walk(steps, 1 - STEP_S / 7200, rng)
        breeze = 0.5 + np.clip(np.cos((hour - 15) / 24 * 2 * np.pi), 0, 1)
        wind[:, k] = 2.2 * breeze * np.exp(0.5 * gusts + 0.2 * spell)
        front[:, k] = 2.0 * np.interp(
            np.arange(steps) / STEPS_A_DAY, np.arange(days + 2), _walk(days + 2, 0.75, rng)
        )
    half_day = ponds.daylight_h / 2
    sun = np.cos(np.clip((hour[:, None] - ponds.noon_h) / half_day, -1, 1) * np.pi / 2)
    light = 980 * ponds.latitude_share * sun**1.15 * (1 - 0.75 * clouds**3.4)
    swing = 6.0 * (1 - 0.7 * clouds) * np.cos((hour[:, None] - ponds.noon_h - 2.5) / 24 * 2 * np.pi)
    return Weather(clouds, wind, ponds.climate_c + front + swing, light)


def _walk(n: int, memory: float, rng: np.random.Generator) -> np.ndarray:
    """`(n,)` with mean 0 and deviation 1, each value like the one before it."""
    values = rng.standard_normal(n)
    push = np.sqrt(1 - memory**2)
    for i in range(1, n):
        values[i] = memory * values[i - 1] + push * values[i]
    return values


def saturated_oxygen(temperature_c: np.ndarray) -> np.ndarray:
    """Oxygen in mg/L in fresh water under air at sea level.

    >>> saturated_oxygen(np.array([20.0])).round(2).tolist()
    [9.09]
    """
    t = temperature_c + 273.15
    return np.exp(
        -139.34411 + 1.575701e5 / t - 6.642308e7 / t**2 + 1.2438e10 / t**3 - 8.621949e11 / t**4
    )


def ph_of(
    carbon_mmol_l: np.ndarray, alkalinity_mmol_l: np.ndarray, temperature_c: np.ndarray
) -> np.ndarray:
    """pH of dissolved inorganic carbon and alkalinity: charge balance of the carbonates.

    >>> ph_of(np.array([2.05]), np.array([2.0]), np.array([20.0])).round(1).tolist()
    [8.0]
    """
    k1 = 10 ** -(6.46 - 0.004 * (temperature_c - 10))
    k2 = 10 ** -(10.49 - 0.009 * (temperature_c - 10))
    alkalinity, carbon = alkalinity_mmol_l, carbon_mmol_l
    b = k1 * (alkalinity - carbon)
    c = k1 * k2 * (alkalinity - 2 * carbon)
    hydrogen = (-b + np.sqrt(np.maximum(b * b - 4 * alkalinity * c, 0))) / (2 * alkalinity)
    return -np.log10(np.maximum(hydrogen, 1e-11))


def carbon_dioxide(
    carbon_mmol_l: np.ndarray, ph: np.ndarray, temperature_c: np.ndarray
) -> np.ndarray:
    """The share of the carbon, in mmol/L, that is a dissolved gas."""
    k1 = 10 ** -(6.46 - 0.004 * (temperature_c - 10))
    k2 = 10 ** -(10.49 - 0.009 * (temperature_c - 10))
    h = 10.0**-ph
    return carbon_mmol_l * h * h / (h * h + k1 * h + k1 * k2)


def toxic_share(ph: np.ndarray, temperature_c: np.ndarray) -> np.ndarray:
    """Which share of ammonia and ammonium together is ammonia, which hurts fish.

    >>> toxic_share(np.array([7.0, 9.0]), np.array([25.0, 25.0])).round(3).tolist()
    [0.006, 0.362]
    """
    pk = 0.09018 + 2729.92 / (temperature_c + 273.15)
    return 1 / (1 + 10 ** (pk - ph))


def simulate(ponds: Pond, weather: Weather, days: int) -> Water:
    """The ponds through the days; two days before them, so that nothing remembers how it began."""
    state = _State(ponds)
    n = days * STEPS_A_DAY
    kept = {f.name: np.empty((n, len(ponds))) for f in fields(Water)}
    for step in range(n):
        state.advance(step, weather)
        kept["temperature_c"][step] = state.warm[0]
        kept["oxygen_mg_l"][step] = state.oxygen[0]
        kept["ph"][step] = state.ph[0]
        kept["ammonia_mg_l"][step] = state.nitrogen * toxic_share(state.ph[0], state.warm[0])
    return Water(**kept)


class _State:
    """Both layers, `(2, ponds)`: the upper one first."""

    def __init__(self, ponds: Pond) -> None:
        self.ponds = ponds
        n = len(ponds)
        self.thick = np.stack([np.full(n, SURFACE_M), ponds.depth_m - SURFACE_M])
        self.warm = np.stack([ponds.climate_c, ponds.climate_c - 1])
        self.oxygen = np.full((2, n), 6.0)
        self.carbon = np.stack([ponds.alkalinity_mmol_l * 1.03] * 2)
        self.ph = ph_of(self.carbon, ponds.alkalinity_mmol_l, self.warm)
        self.nitrogen = ponds.fish_g_m3 * ponds.feed_share * 0.08
        self.meal = np.zeros(n)  # what the fish still digest, as a share of a meal
        self.attenuation = 0.8 + 0.02 * ponds.algae_ug_l

    def advance(self, step: int, weather: Weather) -> None:
        """Ten minutes."""
        p, dt_h = self.ponds, STEP_S / 3600
        hour = step * STEP_S / 3600 % 24
        light, wind = weather.light_w_m2[step], weather.wind_m_s[step]
        aerated = self._aerator(hour)
        self._heat(weather, step, light, wind)

        depth = np.stack([np.zeros(len(p)), self.thick[0], p.depth_m])
        passing = 0.94 * light * np.exp(-self.attenuation * depth)
        in_layer = (passing[:-1] - passing[1:]) / (self.attenuation * self.thick)
        speed = 1.08 ** (self.warm - 20)
        most = 0.018 * p.algae_ug_l * speed  # mg O2 an hour and litre
        made = most * (1 - np.exp(-in_layer / 120))
        for meal in (p.first_meal_h, p.second_meal_h):
            self.meal += np.abs(hour - meal % 24) < dt_h / 2
        self.meal -= self.meal * dt_h / 3.0
        breath = np.clip(self.oxygen / (self.oxygen + 0.6), 0, 1)
        fish = 0.25e-3 * p.fish_g_m3 * speed * (0.7 + 40 * p.feed_share * self.meal)
        algae = 0.0018 * p.algae_ug_l * speed + 0.06 * most
        mud = np.stack([np.zeros(len(p)), p.mud_mg_m2_h / 1000 / self.thick[1]]) * speed
        used = (fish + algae + mud) * breath

        self.ph = ph_of(self.carbon, p.alkalinity_mmol_l, self.warm)
        gas = carbon_dioxide(self.carbon, self.ph, self.warm)
        grown = made * np.clip(gas / (gas + 0.0005), 0, 1)  # no carbon dioxide, no photosynthesis
        exchange = (0.008 + 0.0035 * wind**1.6) / SURFACE_M  # an hour
        lack = saturated_oxygen(self.warm[0]) - self.oxygen[0]
        over = np.clip(-lack / 6, 0, None)  # bubbles leave where there is far too much
        entering = (exchange + 0.4 * over + aerated * p.aerator_mg_l_h / 9) * lack
        self.oxygen += (grown - used) * dt_h
        self.oxygen[0] += entering * dt_h
        self.oxygen = np.maximum(self.oxygen, 0.02)
        self.carbon += (used - grown) / MG_O2_PER_MMOL * dt_h
        self.carbon[0] += (exchange + aerated * p.aerator_mg_l_h / 12) * (0.016 - gas[0]) * dt_h
        self.carbon = np.maximum(self.carbon, 0.4 * p.alkalinity_mmol_l)

        excreted = p.fish_g_m3 * p.feed_share * (0.00012 + 0.0011 * self.meal)
        eaten = 0.004 * grown[0] * self.nitrogen / (self.nitrogen + 0.1)
        nitrified = 0.006 * speed[0] * self.nitrogen * breath[0]
        self.nitrogen = np.maximum(self.nitrogen + (excreted - eaten - nitrified) * dt_h, 0.01)
        self._mix(wind, aerated)

    def _aerator(self, hour: float) -> np.ndarray:
        """On from late evening to morning, as farmers do: 1 where it runs."""
        return (self.ponds.aerator_mg_l_h > 0) * float(hour >= 22 or hour < 7)

    def _heat(self, weather: Weather, step: int, light: np.ndarray, wind: np.ndarray) -> None:
        taken = 1 - np.exp(-self.attenuation * self.thick[0])
        exchange = 18 + 6 * wind  # W/m2 and K, sensible, evaporated and radiated
        night_sky = 85 * (1 - 0.7 * weather.clouds[step])
        flow = exchange * (weather.air_c[step] - self.warm[0]) - night_sky
        top = (0.94 * light * (0.45 + 0.55 * taken) + flow) / (J_PER_M3_K * self.thick[0])
        below = 0.94 * light * 0.55 * (1 - taken) / (J_PER_M3_K * self.thick[1])
        self.warm = self.warm + np.stack([top, below]) * STEP_S

    def _mix(self, wind: np.ndarray, aerated: np.ndarray) -> None:
        """The layers' difference goes in part in ten minutes; most of it if cold lies on top."""
        above = self.warm[0] - self.warm[1]
        stir = 0.06 + 0.024 * wind**2 + 0.9 * aerated
        share = np.clip(stir * np.exp(-1.5 * np.maximum(above, 0)), 0.004, 0.7)
        share = np.where(above < 0, 0.7, share)
        weight = self.thick / self.thick.sum(axis=0)
        for name in ("warm", "oxygen", "carbon"):
            value = getattr(self, name)
            mean = (value * weight).sum(axis=0)
            setattr(self, name, value + share * (mean - value))
