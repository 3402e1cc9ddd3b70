"""What a dispatcher should know of how a request was made: sentences with the ids that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dispatch.rulebook.line import Language, Sentence


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence for the dispatcher.

    Parameters
    ----------
    sentence, params
        What it says; never a name, phone or address.
    tickets, engineers
        Whom it is about, by id.

    Examples
    --------
    >>> Note(NOWHERE, {"count": 1}, tickets=("T7",)).say("zh")
    '1 张工单没有位置，未排：请补地址或在地图上标点'
    """

    sentence: Sentence
    params: Mapping[str, object] = field(default_factory=dict)
    tickets: tuple[str, ...] = ()
    engineers: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Return the stable word for programs."""
        return self.sentence.code

    def say(self, lang: Language) -> str:
        """Return the sentence in a language."""
        return self.sentence.say(lang, self.params)

    def as_json(self) -> dict[str, object]:
        """Return the note for storage and pages: code, both sentences, ids."""
        return {
            "code": self.code,
            "zh": self.say("zh"),
            "en": self.say("en"),
            "tickets": list(self.tickets),
            "engineers": list(self.engineers),
        }


NOWHERE: Final = Sentence(
    "nowhere",
    zh="{count} 张工单没有位置，未排：请补地址或在地图上标点",
    en="{count} tickets have no place and are not planned: add an address or set the pin",
)
APPROXIMATE: Final = Sentence(
    "approximate",
    zh="{count} 张工单只有大致位置，行程随之不准：请在地图上核对",
    en="{count} tickets have an approximate place, and so has their travel: look at them on the map",
)
WIDENED: Final = Sentence(
    "widened",
    zh="{count} 张工单只知所在片区：往来行程不短于片区内的平均距离（同区两处直线 {district_km} 公里），并非 0",
    en="{count} tickets are known by their area alone: travel from and to them is no shorter than the mean distance in it "
    "({district_km} km as the crow flies between two in one district), not 0",
)
APPOINTMENT_OVER: Final = Sentence(
    "appointment_over",
    zh="{count} 张工单的预约时段已过，未排：请重新预约",
    en="the appointments of {count} tickets are over, they are not planned: make new ones",
)
HELD: Final = Sentence(
    "held",
    zh="{count} 张工单待定级、在远程处理、等待或待支援，未排",
    en="{count} tickets are to be graded, handled remotely, waiting or in need of help, and not planned",
)
ELSEWHERE: Final = Sentence(
    "elsewhere",
    zh="{count} 张工单已在其他日期的现行方案中，不重复排",
    en="{count} tickets are in the plan in force of another day and not planned twice",
)
BUSY_ELSEWHERE: Final = Sentence(
    "busy_elsewhere",
    zh="{count} 名工程师的部分时间已用于其他日期或区域的现行方案",
    en="part of the time of {count} engineers belongs to the plan in force of another day or region",
)
NIGHT_BEFORE: Final = Sentence(
    "night_before",
    zh="{count} 名工程师的夜班从前一天开始，归前一天的方案：夜里派单请重排前一天",
    en="night shifts of {count} engineers began the day before and are in that day's plan: re-plan that day to use them",
)
CARRIED: Final = Sentence(
    "carried",
    zh="{count} 次上门已完成或进行中，保持不变",
    en="{count} visits are done or under way and stay as they are",
)
PINNED: Final = Sentence(
    "pinned",
    zh="{count} 张工单已锁定工程师",
    en="{count} tickets are pinned to their engineer",
)
START_GUESSED: Final = Sentence(
    "start_guessed",
    zh="{count} 名工程师没有出发点，按工单的中间位置估算：请补常驻地点",
    en="{count} engineers have no start point, the middle of the tickets stands for it: add their home",
)
START_UNKNOWN: Final = Sentence(
    "start_unknown",
    zh="{count} 名工程师没有出发点，未参与排班：请补常驻地点",
    en="{count} engineers have no start point and are not planned: add their home",
)
SHIFTS_OVERLAP: Final = Sentence(
    "shifts_overlap",
    zh="{count} 名工程师的班次重叠，只用较早的一班",
    en="shifts of {count} engineers overlap, only the earlier one is used",
)
DEPOT_NOWHERE: Final = Sentence(
    "depot_nowhere",
    zh="{count} 个备件库没有位置，不安排取件：请补地址或坐标",
    en="{count} depots have no place, nobody is sent there: add an address or coordinates",
)
NO_SHIFTS: Final = Sentence(
    "no_shifts",
    zh="当天没有可用的班次，所有工单都排不了",
    en="there is no usable shift on this day, no ticket can be planned",
)
TRAVEL_ESTIMATED: Final = Sentence(
    "travel_estimated",
    zh="行程按直线 × {detour}、时速 {speed_kmh} 公里估算，未沿道路",
    en="travel is estimated: straight lines × {detour} at {speed_kmh} km/h, not along roads",
)
TRAVEL_NOTE: Final = Sentence(
    "travel_note",
    zh="行程时间来源「{provider}」的提示：{said}",
    en="of the travel times, {provider}: {said}",
)
TOO_MANY_PLACES: Final = Sentence(
    "too_many_places",
    zh="地点有 {count} 个，超过行程表上限 {limit} 个，行程改为估算",
    en="{count} places are more than a travel table's {limit}: travel is estimated",
)
