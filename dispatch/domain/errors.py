"""What can go wrong between parts of the service.

::

    DispatchError
    ├── ImpossibleRecord      impossible_record     a record that cannot be, refused where it is made
    ├── NotFound              not_found             asked for by its id, and not there
    ├── AlreadyThere          already_there         a new record with an id that is taken
    ├── StillNeeded           still_needed          names a record that is not there, or is named by others
    ├── StaleEdit             stale_edit            edited after a version that is no longer the last one
    ├── PlanOvertaken         plan_overtaken        another plan of this day was published meanwhile
    ├── IllegalStep           illegal_step          a report on a visit that cannot come now
    ├── IllegalTransition     illegal_transition    a ticket cannot go from its state to that one
    ├── JobOvertaken          job_overtaken         a worker reports on a job that is no longer its own
    ├── KeyReused             key_reused            an idempotency key that was used for something else
    ├── PlanIllegal           plan_illegal          the judge finds a clause of the planning format broken
    ├── PlanOutdated          plan_outdated         tickets of a plan have moved on since it was made
    ├── MoveIllegal           move_illegal          a visit cannot be moved there by hand
    ├── ChangeIllegal         change_illegal        a visit cannot be taken out or unpinned by hand
    ├── StorageRefused        storage_refused       the database refuses what it was asked
    ├── StorageUnavailable    storage_unavailable   the database cannot be reached, is busy or full
    ├── StorageOutOfStep      storage_out_of_step   the database has the tables of another version
    ├── DatabaseUnknown       database_unknown      an address of no database that this program knows
    └── TravelUnavailable     travel_unavailable    a provider of travel times or of ways cannot answer

Each class has a stable code for programs, a sentence for a person and a hint what to do, in Chinese and English.
``docs/errors.md`` lists them. Sentences name records by id and fields by name: never a customer's name, phone, address
or door note.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

LANGUAGES = ("zh", "en")

Both = tuple[str, str]
"""The same in Chinese and in English."""


class DispatchError(Exception):
    """A broken promise between parts of the service; ``str`` of it is the English sentence."""

    code: ClassVar[str]
    sentence_zh: ClassVar[str]
    sentence_en: ClassVar[str]
    hint_zh: ClassVar[str]
    hint_en: ClassVar[str]

    def __init__(self, **params: object) -> None:
        """Take what the sentence speaks of, by name."""
        self.params = params
        super().__init__(self.say("en"))

    def say(self, language: str) -> str:
        """Tell a person what happened, in ``zh`` or ``en``.

        Examples
        --------
        >>> NotFound("Ticket", "T7").say("zh")
        '找不到 Ticket T7'
        """
        return (self.sentence_zh if language == "zh" else self.sentence_en).format(**self.params)

    def advise(self, language: str) -> str:
        """Tell a person what to do, in ``zh`` or ``en``."""
        return self.hint_zh if language == "zh" else self.hint_en


class ImpossibleRecord(DispatchError, ValueError):
    """A value that a record cannot have: a length below zero, a moment without a zone, a latitude of 120."""

    code = "impossible_record"
    sentence_zh = "{name} 的值 {found_zh} 不可能：{expected_zh}"
    sentence_en = "{name} must be {expected}, got {found}"
    hint_zh = "改正该值后重试"
    hint_en = "correct the value and try again"

    def __init__(self, name: str, expected: str | Both, found: object) -> None:
        """Take the field as ``ticket.duration_s``, what it must be, and what was found (no private value).

        Words are given in Chinese and in English, signs and numbers as they are.
        """
        self.name = name
        expected_zh, expected_en = expected if isinstance(expected, tuple) else (expected, expected)
        found_zh, found_en = found if isinstance(found, tuple) else (found, found)
        super().__init__(name=name, expected=expected_en, found=found_en, expected_zh=expected_zh, found_zh=found_zh)


class NotFound(DispatchError, LookupError):
    """A record was asked for by its id and is not there."""

    code = "not_found"
    sentence_zh = "找不到 {kind} {id}"
    sentence_en = "there is no {kind} {id}"
    hint_zh = "刷新页面；可能已被删除"
    hint_en = "reload the page; it may have been removed"

    def __init__(self, kind: str, id: str) -> None:  # noqa: A002 - the field of every record is called so
        """Take the class's name and the id."""
        self.kind, self.id = kind, id
        super().__init__(kind=kind, id=id)


class AlreadyThere(DispatchError):
    """A new record has an id that another of its kind has."""

    code = "already_there"
    sentence_zh = "{kind} {id} 已存在"
    sentence_en = "{kind} {id} exists already"
    hint_zh = "打开已有的记录，或换一个编号"
    hint_en = "open the one that exists, or use another id"

    def __init__(self, kind: str, id: str) -> None:  # noqa: A002 - as above
        """Take the class's name and the id."""
        self.kind, self.id = kind, id
        super().__init__(kind=kind, id=id)


class StillNeeded(DispatchError):
    """A record names another that is not there, or is to be removed while others name it."""

    code = "still_needed"
    sentence_zh = "{kind} {id} 引用了不存在的记录，或仍被其他记录引用"
    sentence_en = "{kind} {id} names a record that is not there, or is still named by others"
    hint_zh = "先保存被引用的记录；删除时先处理引用它的记录"
    hint_en = "save what it names first; before removing it, settle what names it"

    def __init__(self, kind: str, id: str) -> None:  # noqa: A002 - as above
        """Take the class's name and the id."""
        self.kind, self.id = kind, id
        super().__init__(kind=kind, id=id)


@dataclass(frozen=True, slots=True)
class Change:
    """One field in which an edit and the stored record differ; the values stay out of ``repr`` and of logs."""

    name: str
    edited: object = field(repr=False)
    stored: object = field(repr=False)


class StaleEdit(DispatchError):
    """An edit began from a version that is no longer the last one; nothing of it was saved.

    Attributes
    ----------
    stored
        The record as it is now; save an edit of this one instead.
    changes
        The fields in which the refused edit and ``stored`` differ, in the record's order; empty when somebody else made
        the very same edit.
    """

    code = "stale_edit"
    sentence_zh = (
        "{kind} {id} 已被他人修改（您编辑的是第 {version} 版，现为第 {stored_version} 版），不同之处：{fields}"
    )
    sentence_en = "{kind} {id} was edited meanwhile (yours began from version {version}, now {stored_version}); different: {fields}"
    hint_zh = "查看现在的内容，在其上重新修改"
    hint_en = "look at what is there now and make your edit on top of it"

    def __init__(
        self,
        kind: str,
        id: str,  # noqa: A002 - as above
        *,
        version: int,
        stored: object,
        stored_version: int,
        changes: tuple[Change, ...],
    ) -> None:
        """Take whose edit it is, the version it began from, and what is stored now."""
        self.kind, self.id, self.version, self.stored, self.changes = kind, id, version, stored, changes
        fields = ", ".join(change.name for change in changes) or "–"
        super().__init__(kind=kind, id=id, version=version, stored_version=stored_version, fields=fields)


class PlanOvertaken(DispatchError):
    """A revision was made on top of a published plan that is no longer the one in force; it was not published.

    Attributes
    ----------
    base_number, current_number
        Numbers of the published plan that the revision was made from, and of the one in force; 0: none was published.
    """

    code = "plan_overtaken"
    sentence_zh = "{region} {day} 已发布第 {current} 号方案，本方案基于第 {base} 号，未发布"
    sentence_en = "plan {current} of {region} {day} was published meanwhile; this one was made from plan {base} and was not published"
    hint_zh = "重排后再发布"
    hint_en = "re-plan, then publish"

    def __init__(self, region: str, day: object, *, base_number: int, current_number: int) -> None:
        """Take region, day and the two numbers."""
        self.base_number, self.current_number = base_number, current_number
        super().__init__(region=region, day=day, base=base_number, current=current_number)


class IllegalStep(DispatchError):
    """An engineer reports what cannot come now: arriving before departing, or on a ticket that is not theirs."""

    code = "illegal_step"
    sentence_zh = "工单 {ticket} 现在不能「{step_zh}」：{reason_zh}"
    sentence_en = "ticket {ticket} cannot be reported as {step}: {reason_en}"
    hint_zh = "刷新页面查看工单现在的状态"
    hint_en = "reload the page to see where the ticket stands"

    def __init__(self, ticket: str, step: str, step_zh: str, reason_zh: str, reason_en: str) -> None:
        """Take the ticket, the step in both languages, and why it cannot be."""
        self.step = step
        super().__init__(ticket=ticket, step=step, step_zh=step_zh, reason_zh=reason_zh, reason_en=reason_en)


Named = tuple[str, str, str]
"""A state's word for programs, in Chinese and in English."""


class IllegalTransition(DispatchError):
    """A ticket cannot go from the state that it is in to another; it stays where it is.

    Attributes
    ----------
    before, after
        The two states, as programs call them.
    possible
        The states that may follow; empty: none.
    """

    code = "illegal_transition"
    sentence_zh = "工单 {ticket} 不能从「{before_zh}」变为「{after_zh}」；现在可以变为：{possible_zh}"
    sentence_en = "ticket {ticket} cannot go from {before_en} to {after_en}; possible from here: {possible_en}"
    hint_zh = "从可以变为的状态中选一个；只有发布方案才能派出工单"
    hint_en = "choose one of the states that are possible; only publishing a plan dispatches a ticket"

    def __init__(self, ticket: str, before: Named, after: Named, possible: tuple[Named, ...]) -> None:
        """Take the ticket, both states, and what is possible instead."""
        self.before, self.after = before[0], after[0]
        self.possible = tuple(word for word, _, _ in possible)
        super().__init__(
            ticket=ticket,
            before_zh=before[1],
            before_en=before[2],
            after_zh=after[1],
            after_en=after[2],
            possible_zh="、".join(zh for _, zh, _ in possible) or "没有",
            possible_en=", ".join(en for _, _, en in possible) or "nothing",
        )


class JobOvertaken(DispatchError):
    """A worker reports on a planning job that another has taken over, that was cancelled, or that has ended."""

    code = "job_overtaken"
    sentence_zh = "规划任务 {id} 的第 {attempt} 次执行已失效，未保存任何内容"
    sentence_en = "attempt {attempt} of planning job {id} is no longer the one that counts; nothing was saved"
    hint_zh = "查看该任务现在的状态"
    hint_en = "look at the job as it is now"

    def __init__(self, id: str, attempt: int) -> None:  # noqa: A002 - as above
        """Take the job's id and the attempt that reported."""
        self.id, self.attempt = id, attempt
        super().__init__(id=id, attempt=attempt)


class KeyReused(DispatchError):
    """An idempotency key comes a second time, with another request; nothing was done."""

    code = "key_reused"
    sentence_zh = "这份表单（键 {key}）已经提交过，当时的内容不同；这次未执行"
    sentence_en = "this form (key {key}) was sent before with other contents; nothing was done this time"
    hint_zh = "刷新页面后重新提交；程序重试时请原样重发，新的请求换一个键"
    hint_en = (
        "reload the page and send it again; a program repeats the very same request, and uses a new key for a new one"
    )

    def __init__(self, key: str) -> None:
        """Take the key."""
        self.key = key
        super().__init__(key=key)


class PlanIllegal(DispatchError):
    """A plan breaks its request, or cannot be read; it is not kept."""

    code = "plan_illegal"
    sentence_zh = "方案有 {count} 处不合法，未保存，第一处：{first}"
    sentence_en = "the plan breaks {count} clauses and is not kept, the first: {first}"
    hint_zh = "重排；若再出现请报告，现行方案不受影响"
    hint_en = "plan again, and report it if it comes back; the plan in force stands"

    def __init__(self, count: int, first: str) -> None:
        """Take how many violations the judge found, and the first of them in its words."""
        super().__init__(count=count, first=first)


class PlanOutdated(DispatchError):
    """Tickets of a plan have moved on since it was made; it was not published.

    Attributes
    ----------
    tickets
        Somebody is on the way to them, or at work, and the plan has them elsewhere; or they are dispatched in the plan of
        another day, or that plan has their engineer somewhere else at the same time.
    """

    code = "plan_outdated"
    sentence_zh = (
        "方案制定后，工单 {tickets} 已出发、处理中，或其工单、工程师时间已列入其他日期的方案，与本方案不符，未发布"
    )
    sentence_en = (
        "since the plan was made, engineers set out for {tickets}, or another day's plan took them or their engineers' time; "
        "it was not published"
    )
    hint_zh = "重排后再发布"
    hint_en = "re-plan, then publish"

    def __init__(self, tickets: tuple[str, ...]) -> None:
        """Take the tickets by id."""
        self.tickets = tickets
        super().__init__(tickets=", ".join(tickets))


class ChangeIllegal(DispatchError):
    """A visit cannot be changed so by hand; nothing was changed.

    Attributes
    ----------
    reasons
        A sentence in Chinese and one in English for each clause that the change would break.
    """

    code = "change_illegal"
    sentence_zh = "工单 {ticket} 的上门不能这样改：{reasons_zh}"
    sentence_en = "the visit to ticket {ticket} cannot be changed so: {reasons_en}"
    hint_zh = "先修改工单或班次，或重排"
    hint_en = "change the ticket or the shift first, or re-plan"

    def __init__(self, ticket: str, reasons: tuple[tuple[str, str], ...], **more: str) -> None:
        """Take whose visit was to be changed, and why not, in both languages; and what else the sentences name."""
        self.reasons = reasons
        super().__init__(
            ticket=ticket,
            **more,
            reasons_zh="；".join(zh for zh, _ in reasons),
            reasons_en="; ".join(en for _, en in reasons),
        )


class MoveIllegal(ChangeIllegal):
    """A visit cannot be moved there by hand; nothing was changed."""

    code = "move_illegal"
    sentence_zh = "工单 {ticket} 不能改到班次 {shift}：{reasons_zh}"
    sentence_en = "ticket {ticket} cannot be moved to shift {shift}: {reasons_en}"
    hint_zh = "换一位工程师或位置，或先修改工单、班次"
    hint_en = "choose another engineer or place, or change the ticket or the shift first"

    def __init__(self, ticket: str, shift: str, reasons: tuple[tuple[str, str], ...]) -> None:
        """Take what was to be moved where, and why not, in both languages."""
        super().__init__(ticket, reasons, shift=shift)


class StorageRefused(DispatchError):
    """The database refuses what it was asked: a rule of its own is in the way."""

    code = "storage_refused"
    sentence_zh = "数据库拒绝了这次操作（{reason}），未保存任何内容"
    sentence_en = "the database refused this ({reason}); nothing was saved"
    hint_zh = "请把这句话告诉管理员"
    hint_en = "tell your administrator this sentence"

    def __init__(self, reason: str) -> None:
        """Take the database's word for it, without values."""
        self.reason = reason
        super().__init__(reason=reason)


class StorageUnavailable(DispatchError):
    """The database cannot be reached, is busy for too long, or has no room."""

    code = "storage_unavailable"
    sentence_zh = "数据库暂时不可用（{reason}），未保存任何内容"
    sentence_en = "the database is not available ({reason}); nothing was saved"
    hint_zh = "稍后重试；若仍不行，检查数据库与磁盘空间"
    hint_en = "try again in a moment; then look at the database and the room on its disk"

    def __init__(self, reason: str) -> None:
        """Take the database's word for it, without values."""
        self.reason = reason
        super().__init__(reason=reason)


class StorageOutOfStep(DispatchError):
    """The database has the tables of another version of this program."""

    code = "storage_out_of_step"
    sentence_zh = "数据库的表结构为 {found}，本程序需要 {wanted}"
    sentence_en = "the database has the tables of {found}, this program needs {wanted}"
    hint_zh = "先备份，再升级数据库；若数据库更新，请使用对应版本的程序"
    hint_en = "back it up, then migrate it; if the database is the newer one, use the program it belongs to"

    def __init__(self, found: str | None, wanted: str) -> None:
        """Take the two marks of the tables; ``found`` None: there are none."""
        self.found, self.wanted = found, wanted
        super().__init__(found=found or "–", wanted=wanted)


class DatabaseUnknown(DispatchError, ValueError):
    """An address of no database that this program knows, or of one that lives in memory alone."""

    code = "database_unknown"
    sentence_zh = "不认识的数据库地址：{address}"
    sentence_en = "no database that this program knows: {address}"
    hint_zh = "写 sqlite:///文件路径 或 postgresql://用户@主机/库名"
    hint_en = "write sqlite:///PATH or postgresql://USER@HOST/NAME"

    def __init__(self, address: str) -> None:
        """Take the address, its password hidden."""
        super().__init__(address=address)


class TravelUnavailable(DispatchError):
    """A provider of travel times, or of ways to draw, cannot answer: it is dead, slow, or talks nonsense.

    Ask another provider, or :class:`~dispatch.travel.fallback.Fallback`, which does so by itself.

    Attributes
    ----------
    reason
        What the provider did, in English, to follow its name: ``gave no answer in time``. It names neither a point nor
        the provider's address.
    """

    code = "travel_unavailable"
    sentence_zh = "行程服务不可用：{reason_zh}"
    sentence_en = "travel is not available: the provider {reason}"
    hint_zh = "检查行程服务是否在运行；在此之前按直线估算"
    hint_en = "see whether the provider is running; until then travel is estimated by straight lines"

    def __init__(self, reason: str, reason_zh: str) -> None:
        """Take what the provider did, in English and in Chinese."""
        self.reason = reason
        super().__init__(reason=reason, reason_zh=reason_zh)


ERRORS: tuple[type[DispatchError], ...] = (
    ImpossibleRecord,
    NotFound,
    AlreadyThere,
    StillNeeded,
    StaleEdit,
    PlanOvertaken,
    IllegalStep,
    IllegalTransition,
    JobOvertaken,
    KeyReused,
    PlanIllegal,
    PlanOutdated,
    MoveIllegal,
    ChangeIllegal,
    StorageRefused,
    StorageUnavailable,
    StorageOutOfStep,
    DatabaseUnknown,
    TravelUnavailable,
)
"""Every error, in the order of the tree."""
