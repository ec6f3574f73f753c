"""What people do with imports, each one function: begin, check again, propose, publish, cancel, resume, revert."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Unpack
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet

from tracker.accounts.models import User
from tracker.accounts.roles import may_look, may_review
from tracker.curation import limits, proposals
from tracker.curation.jobs import APPROVE_BATCH
from tracker.curation.models import Proposal, Step
from tracker.curation.publish import REASON_MAX
from tracker.curation.via import Via, Way, columns, step, way
from tracker.curation.work import refresh
from tracker.entries import kinds
from tracker.entries.models import Entry
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.values.codes import Nature
from tracker.values.errors import Invalid, Refused

from . import opening, plan, reverting
from .encodings import CHOICES
from .file_rows import Unreadable
from .models import Import, ImportRow

State = Import.State
NATURES = (Nature.CORRECTION, Nature.WORLD, Nature.EVIDENCE)


def begin(*, actor: User, blocks: Iterable[bytes], name: str, reason: str, kind: str = "",
          nature: str = Nature.CORRECTION, source: str = "", encoding: str = "",
          **via: Unpack[Via]) -> Import:  # fmt: skip
    """Keep a file and ask for its dry run; nothing of what is public changes.

    :param blocks: the bytes of the file.
    :raises Refused: the actor may not propose, or not this kind, or gives no reason.
    :raises Invalid: the kind, the nature, the source or the encoding is none; the file is too large or of no format.
    """
    proposals.refuse_reader(actor)
    if kind and (limited := limits.of(actor)):
        limited.refuse_kind(kind)
    _refuse_wrong(reason, kind, nature, source, encoding)
    path, digest = _kept(blocks)
    try:
        format_ = opening.format_of(name, path)
        if not kind and not opening.says_kinds(format_):
            raise Invalid(
                "请选种类 choose the kind", [("kind", "CSV、XLSX、GeoJSON 须指明种类 must be given with this format")]
            )
    except Invalid:
        path.unlink()
        raise
    taken = way(via)
    with transaction.atomic():
        made = Import.objects.create(
            file_name=Path(name).name[-200:], stored_as=path.name, sha256=digest, size=path.stat().st_size, kind=kind,
            format=format_, encoding=encoding, reason=reason.strip(), nature=nature, source=source, actor=actor,
            **columns(taken),
        )  # fmt: skip
        _ask(made, actor, plan.CHECK, taken)
    return made


def _refuse_wrong(reason: str, kind: str, nature: str, source: str, encoding: str) -> None:
    if not reason.strip():
        raise Refused("请写明理由 give a reason")
    if len(reason) > REASON_MAX:
        raise Refused(f"理由最多 {REASON_MAX} 字 the reason is too long")
    errors = []
    if kind and not kinds.known(kind):
        errors.append(("kind", f"没有种类 {kind!r} there is no such kind"))
    if nature not in NATURES:
        errors.append(("nature", f"没有这种性质 none of {', '.join(NATURES)}"))
    if source and not Entry.objects.live().filter(kind="source", key=source).exists():
        errors.append(("source", f"没有来源“{source}”，请先录入 there is no such source"))
    if encoding and encoding not in CHOICES:
        errors.append(("encoding", f"没有这种编码 none of {', '.join(CHOICES)}"))
    if errors:
        raise Invalid("；".join(text for _, text in errors), errors)


def _kept(blocks: Iterable[bytes]) -> tuple[Path, str]:
    """Write a file to the folder of imports; returns where, and its SHA-256.

    :raises Unreadable: it is larger than ``IMPORT_MEGABYTES``; nothing is kept.
    """
    folder = plan.folder()
    folder.mkdir(parents=True, exist_ok=True)
    path, digest, size = folder / uuid4().hex, sha256(), 0
    with path.open("wb") as file:
        for block in blocks:
            size += len(block)
            if size > settings.IMPORT_MEGABYTES << 20:
                break
            digest.update(block)
            file.write(block)
    if size > settings.IMPORT_MEGABYTES << 20:
        path.unlink()
        raise too_large()
    return path, digest.hexdigest()


def too_large() -> Unreadable:
    most = settings.IMPORT_MEGABYTES
    return Unreadable(f"文件超过 {most} MB；请分几个文件再传 the file is larger than {most} MB: split it")


def no_file() -> Unreadable:
    return Unreadable("请选择文件 choose a file")


def _ask(of: Import, actor: User, name: str, taken: Way) -> None:
    of.job = jobs.enqueue(actor=actor, name=name, arguments={"import": of.pk}, now=taken.now)
    of.save(update_fields=["job"])


# --- its author's moves -------------------------------------------------------------------------------------------


@transaction.atomic
def check_again(*, actor: User, of: Import, **via: Unpack[Via]) -> Import:
    """Make the dry run anew, on what is live by now."""
    locked = _own(actor, of)
    _refuse_running(locked)
    _refuse_trimmed(locked)
    if locked.state == State.PROPOSED or not locked.stored_as:
        raise Refused("已成批次的导入不再检查 an import that was proposed is not checked again")
    taken = way(via)
    locked.rows.all().delete()
    locked.state, locked.counts, locked.trouble = State.CHECKING, {}, []
    locked.save(update_fields=["state", "counts", "trouble"])
    _ask(locked, actor, plan.CHECK, taken)
    step(Step.Act.CHECKED_AGAIN, locked, actor, "", taken).save()
    return locked


@transaction.atomic
def propose(*, actor: User, of: Import, **via: Unpack[Via]) -> Import:
    """Ask for the batch of proposals.

    :raises Refused: the import has errors, changes nothing or is a batch already.
    """
    locked = _own(actor, of)
    _refuse_running(locked)
    _refuse_trimmed(locked)
    if locked.state != State.READY:
        state = State(locked.state)
        raise Refused(f"这次导入“{state.zh}”，不能提交 this import cannot be proposed: {state.en}")
    taken = way(via)
    _ask(locked, actor, plan.PROPOSE, taken)
    step(Step.Act.SUBMITTED, locked, actor, "", taken).save()
    return locked


@transaction.atomic
def cancel(*, actor: User, of: Import, **via: Unpack[Via]) -> None:
    """Stop what is running for an import; what was published stays."""
    locked = _locked(of)
    _refuse_stranger(actor, locked)
    if locked.job is None:
        raise Refused("没有进行中的任务 nothing is running")
    taken = way(via)
    jobs.cancel(actor=actor, job=locked.job, now=taken.now)
    step(Step.Act.CANCELLED, locked, actor, "", taken).save()


@transaction.atomic
def resume(*, actor: User, of: Import, **via: Unpack[Via]) -> Import:
    """Go on with what was cancelled or failed, where it stopped."""
    locked = _locked(of)
    _refuse_stranger(actor, locked)
    _refuse_trimmed(locked)
    stopped = locked.job
    if stopped is None or stopped.state not in (Job.State.CANCELLED, Job.State.FAILED):
        raise Refused("没有停下的任务 nothing was stopped")
    if stopped.name == APPROVE_BATCH and not may_review(actor):
        raise Refused("发布须由编辑进行 only editors publish")
    taken = way(via)
    job = jobs.enqueue(actor=actor, name=stopped.name, arguments=stopped.arguments, now=taken.now)
    job.cursor, job.total, job.done = stopped.cursor, stopped.total, stopped.done
    job.save(update_fields=["cursor", "total", "done"])
    locked.job = job
    locked.save(update_fields=["job"])
    step(Step.Act.RESUMED, locked, actor, "", taken).save()
    return locked


# --- the reviewer's moves -----------------------------------------------------------------------------------------


@transaction.atomic
def publish(*, actor: User, of: Import, note: str = "", **via: Unpack[Via]) -> Import:
    """Ask for the whole batch to be approved and published, 500 at a time; never one's own."""
    locked = _reviewed(actor, of)
    if locked.actor_id == actor.pk:
        raise Refused("不能审自己的提案，请另一位编辑审阅 nobody reviews their own proposal: ask another editor")
    return _publish(locked, actor, Step.Act.APPROVED, way(via), note=proposals.fitting(note))


@transaction.atomic
def force(*, actor: User, of: Import, reason: str, **via: Unpack[Via]) -> Import:
    """Publish one's own batch without a second person; only a chief editor, and the reason is kept for ever."""
    locked = _reviewed(actor, of)
    proposals.refuse_unless_chief(actor)
    return _publish(locked, actor, Step.Act.FORCED, way(via), force_reason=proposals.demanded(reason))


def _publish(of: Import, actor: User, act: Step.Act, taken: Way, **told: str) -> Import:
    if not of.batch or not waiting_of(of).exists():
        raise Refused("这一批没有待发布的提案 nothing of this batch waits to be published")
    arguments = {"batch": of.batch, "request_id": taken.request_id, **told}
    of.job = jobs.enqueue(actor=actor, name=APPROVE_BATCH, arguments=arguments, now=taken.now)
    of.save(update_fields=["job"])
    step(act, of, actor, "".join(told.values()), taken).save()
    return of


def _reviewed(actor: User, of: Import) -> Import:
    locked = _locked(of)
    _refuse_running(locked)
    if not may_review(actor):
        raise Refused("审稿须由编辑进行 only editors review")
    limits.refuse_any_beyond(actor, waiting_of(locked))
    return locked


def waiting_of(of: Import) -> QuerySet[Proposal]:
    """What still waits of its batch."""
    return Proposal.objects.filter(batch=of.batch, state__in=(Proposal.State.IN_REVIEW, Proposal.State.APPROVED))


@transaction.atomic
def reject(*, actor: User, of: Import, note: str, **via: Unpack[Via]) -> int:
    """Reject what still waits of a batch, saying why; returns how many."""
    locked, said, taken = _reviewed(actor, of), proposals.demanded(note), way(via)
    waiting = Proposal.objects.filter(batch=locked.batch, state=Proposal.State.IN_REVIEW).exclude(author=actor)
    rejected = list(waiting.only("pk"))
    Step.objects.bulk_create((step(Step.Act.REJECTED, one, actor, said, taken) for one in rejected), batch_size=500)
    step(Step.Act.REJECTED, locked, actor, said, taken).save()
    refresh.close_reviews(waiting, now=taken.now)
    return waiting.update(state=Proposal.State.REJECTED, review_note=said, decided_at=taken.now)


@transaction.atomic
def revert(*, actor: User, of: Import, reason: str, **via: Unpack[Via]) -> Import:
    """Ask for the undoing of a published import, as a batch of its own that is reviewed like any other.

    :raises Refused: nothing of it is published, or it is being undone already.
    """
    locked = _locked(of)
    proposals.refuse_reader(actor)
    told, taken = proposals.demanded(reason), way(via)
    _refuse_running(locked)
    reverting.refuse_unpublished(locked)
    if locked.reverted_by.exists():
        raise Refused("这次导入已在撤回 this import is being reverted already")
    made = Import.objects.create(
        file_name=locked.file_name, format=Import.Format.REVERT, kind=locked.kind, reason=told,
        nature=Nature.CORRECTION, reverts=locked, actor=actor, **columns(taken),
    )  # fmt: skip
    _ask(made, actor, plan.REVERT, taken)
    step(Step.Act.REVERTED, locked, actor, f"#{made.pk} {told}", taken).save()
    return made


# --- what all share -----------------------------------------------------------------------------------------------


def _locked(of: Import) -> Import:
    return Import.objects.select_for_update(of=("self",)).select_related("job", "reverts").get(pk=of.pk)


def _own(actor: User, of: Import) -> Import:
    locked = _locked(of)
    proposals.refuse_reader(actor)
    if locked.actor_id != actor.pk:
        raise Refused("只有导入人能这样做 only who brought the file may do this")
    return locked


def _refuse_stranger(actor: User, of: Import) -> None:
    if of.actor_id != actor.pk and not may_review(actor):
        raise Refused("只有导入人或编辑能这样做 only who brought the file, or an editor, may do this")


def _refuse_running(of: Import) -> None:
    if of.job is not None and of.job.state in (Job.State.WAITING, Job.State.RUNNING):
        raise Refused("还在进行，请等它结束或先取消 it is still running: wait, or cancel it first")


def _refuse_trimmed(of: Import) -> None:
    if of.trimmed_at is not None:
        raise Refused("文件与行已清，请再导入一次 its file and rows are no longer kept: bring the file again")


# --- questions ----------------------------------------------------------------------------------------------------


def visible_to(actor: User) -> QuerySet[Import]:
    """Editors see every import, contributors their own and those that have become batches."""
    if may_review(actor):
        return Import.objects.all()
    if not may_look(actor):
        return Import.objects.none()
    return Import.objects.filter(actor=actor) | Import.objects.filter(state=State.PROPOSED)


def proposal_states(of: Import) -> dict[str, int]:
    """How many proposals of the batch are in which state."""
    if not of.batch:
        return {}
    rows = Proposal.objects.filter(batch=of.batch).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def wrong_rows(of: Import) -> QuerySet[ImportRow]:
    return of.rows.filter(outcome=ImportRow.Outcome.WRONG).order_by("number")
