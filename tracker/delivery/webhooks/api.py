"""Webhooks over REST, for the holder of a token with the scope ``webhooks``: their own, within the token's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.accounts.authentication import NeedsScope, token_of
from tracker.accounts.models import ApiToken, Scope, User
from tracker.delivery.contract import list_of, plain_parameters
from tracker.delivery.interest import Interest
from tracker.delivery.views import PublicViewSet
from tracker.entries.fields import Json
from tracker.rest import bodies, keyset
from tracker.rest.keyset import Column
from tracker.rest.parameters import refuse_unknown
from tracker.rest.problems import bad_parameter
from tracker.rest.renderers import JSONText, page
from tracker.rest.schema import Contract
from tracker.values import canonical

from . import contract, limits, redelivery, shapes, subscribing
from .models import Webhook, WebhookDelivery
from .subscribing import Issued, Wish


class _WebhookView(PublicViewSet):
    """What both collections have in common: who may come, and what they may see."""

    permission_classes = [NeedsScope]
    parser_classes = (bodies.JSONBodyParser,)
    scope = Scope.WEBHOOKS
    most_bytes = 64 * 1024

    @staticmethod
    def token(request: Request) -> ApiToken:
        token = token_of(request)
        assert token is not None, "NeedsScope lets nobody in without one"
        return token

    def owner(self, request: Request) -> User:
        return self.token(request).owner

    def webhooks(self, request: Request) -> list[Webhook]:
        """The owner's that lie within the limits of the token, oldest first."""
        token = self.token(request)
        return limits.reached(token, Webhook.objects.of(token.owner).prefetch_related("notices").order_by("id"))

    def webhook(self, request: Request, key: str) -> Webhook:
        """:raises Http404: the owner has none of that key, or the token does not reach it."""
        found = next((webhook for webhook in self.webhooks(request) if webhook.key == key), None)
        if found is None:
            raise Http404(f"You have no webhook {key}.")
        return found


class WebhookViewSet(_WebhookView):
    def contract(self, action: str) -> Contract:
        one, issued, delivery = _ref("Webhook"), _ref("IssuedWebhook"), _ref("WebhookDelivery")
        return {
            "list": _reading("list_webhooks", "推送订阅 your webhooks", list_of("Webhook", counted=False)),
            "create": _writing("create_webhook", "新建 subscribe to changes", issued, contract.CREATION, 201),
            "retrieve": _reading("get_webhook", "推送订阅 one webhook", one),
            "partial_update": _writing("change_webhook", "修改 change it", one, contract.ALTERATION),
            "destroy": replace(_reading("delete_webhook", "删除 delete it with its log", {}), status=204),
            "rotate_secret": _writing("rotate_webhook_secret", "更换密钥 give it a new secret", issued,
                                      contract.ROTATION),
            "test": _writing("test_webhook", "测试 have a test message sent", delivery, contract.NOTHING, 202),
            "pause": _writing("pause_webhook", "暂停 pause it", one, contract.NOTHING),
            "resume": _writing("resume_webhook", "恢复 resume it", one, contract.NOTHING),
            "redeliver": _writing("redeliver_webhook", "补投 have everything after a number sent again",
                                  _ref("WebhookRedelivery"), contract.REDELIVERY, 202),
        }[action]  # fmt: skip

    def list(self, request: Request) -> Response:
        """All in one page: nobody has more than twenty."""
        refuse_unknown(request.query_params, ())
        shown = (canonical.dumps_ordered(shapes.webhook(webhook)) for webhook in self.webhooks(request))
        return Response(page(shown, None, None, None))

    def create(self, request: Request) -> Response:
        refuse_unknown(request.query_params, ())
        body = bodies.validated(request.data, contract.CREATION)
        interest = self._interest(request, body.get("filters", {}))
        wish = Wish(body["name"], body["url"], interest, body.get("include_document", False))
        issued = subscribing.create(actor=self.owner(request), wish=wish, now=timezone.now())
        answer = Response(_issued(issued), status=201)
        answer["Location"] = f"{request.path}{issued.webhook.key}/"
        return answer

    def retrieve(self, request: Request, key: str) -> Response:
        refuse_unknown(request.query_params, ())
        return Response(shapes.webhook(self.webhook(request, key)))

    def partial_update(self, request: Request, key: str) -> Response:
        refuse_unknown(request.query_params, ())
        webhook = self.webhook(request, key)
        body = bodies.validated(request.data, contract.ALTERATION)
        now = Interest.recall(webhook.interest)
        interest = self._interest(request, body["filters"]) if "filters" in body else now
        wish = Wish(body.get("name", webhook.name), body.get("url", webhook.url), interest,
                    body.get("include_document", webhook.include_document))  # fmt: skip
        return Response(shapes.webhook(subscribing.change(actor=self.owner(request), webhook=webhook, wish=wish)))

    def destroy(self, request: Request, key: str) -> Response:
        refuse_unknown(request.query_params, ())
        subscribing.delete(actor=self.owner(request), webhook=self.webhook(request, key))
        return Response(status=204)

    def rotate_secret(self, request: Request, key: str) -> Response:
        refuse_unknown(request.query_params, ())
        webhook = self.webhook(request, key)
        body = bodies.validated(request.data, contract.ROTATION)
        overlap = timedelta(hours=body["overlap_hours"]) if "overlap_hours" in body else subscribing.OVERLAP
        return Response(_issued(subscribing.rotate_secret(actor=self.owner(request), webhook=webhook,
                                                          now=timezone.now(), overlap=overlap)))  # fmt: skip

    def test(self, request: Request, key: str) -> Response:
        webhook = self._meant(request, key)
        delivery = subscribing.send_test(actor=self.owner(request), webhook=webhook, now=timezone.now())
        return Response(shapes.delivery(delivery), status=202)

    def pause(self, request: Request, key: str) -> Response:
        webhook = self._meant(request, key)
        return Response(shapes.webhook(subscribing.pause(actor=self.owner(request), webhook=webhook)))

    def resume(self, request: Request, key: str) -> Response:
        webhook = self._meant(request, key)
        return Response(shapes.webhook(subscribing.resume(actor=self.owner(request), webhook=webhook)))

    def redeliver(self, request: Request, key: str) -> Response:
        refuse_unknown(request.query_params, ())
        webhook = self.webhook(request, key)
        after = bodies.validated(request.data, contract.REDELIVERY)["after"]
        job = redelivery.since(actor=self.owner(request), webhook=webhook, after=after, now=timezone.now())
        return Response({"after": job.arguments["after"], "to": job.arguments["to"]}, status=202)

    def _meant(self, request: Request, key: str) -> Webhook:
        """The webhook of a move that needs nothing said."""
        refuse_unknown(request.query_params, ())
        webhook = self.webhook(request, key)
        bodies.validated(request.data, contract.NOTHING)
        return webhook

    def _interest(self, request: Request, filters: Json) -> Interest:
        interest = Interest.of_json(filters)
        limits.refuse_beyond(self.token(request), interest)
        return interest


class WebhookDeliveryViewSet(_WebhookView):
    """The log of one webhook, newest first."""

    extra_parameters: ClassVar[dict[str, str]] = {
        "state": "pending, delivered or failed", "cursor": "where the page begins; taken from next or previous",
        "page_size": "1 to 200; 50 unless told",
    }  # fmt: skip

    def contract(self, action: str) -> Contract:
        delivery, page_of_them = _ref("WebhookDelivery"), list_of("WebhookDelivery", counted=False)
        return {
            "list": replace(_reading("list_webhook_deliveries", "投递记录 its deliveries", page_of_them),
                            parameters=plain_parameters(self.extra_parameters, many=("state",))),
            "retrieve": _reading("get_webhook_delivery", "一次投递 one delivery with its attempts", delivery),
            "redeliver": _writing("redeliver_webhook_delivery", "重投 have it sent again", delivery, contract.NOTHING,
                                  202),
        }[action]  # fmt: skip

    def list(self, request: Request, key: str) -> Response:
        parameters = request.query_params
        refuse_unknown(parameters, self.extra_parameters)
        found = self._of(self.webhook(request, key))
        if states := parameters.getlist("state"):
            for state in states:
                if state not in WebhookDelivery.State.values:
                    raise bad_parameter("state", f"{state!r} is none of {', '.join(WebhookDelivery.State.values)}")
            found = found.filter(state__in=states)
        cut = keyset.paginate(found, [Column("id", descending=True)], parameters, request.path)
        shown = (canonical.dumps_ordered(shapes.delivery(row)) for row in cut.rows)
        return Response(_linked(request, cut, shown))

    def retrieve(self, request: Request, key: str, message: str) -> Response:
        refuse_unknown(request.query_params, ())
        return Response(shapes.delivery(self._one(request, key, message)))

    def redeliver(self, request: Request, key: str, message: str) -> Response:
        refuse_unknown(request.query_params, ())
        delivery = self._one(request, key, message)
        bodies.validated(request.data, contract.NOTHING)
        again = redelivery.one(actor=self.owner(request), delivery=delivery, now=timezone.now())
        return Response(shapes.delivery(again), status=202)

    def _one(self, request: Request, key: str, message: str) -> WebhookDelivery:
        found = self._of(self.webhook(request, key)).filter(message=message).first()
        if found is None:
            raise Http404(f"The webhook {key} has no message {message}.")
        return found

    @staticmethod
    def _of(webhook: Webhook) -> QuerySet[WebhookDelivery]:
        return webhook.deliveries.select_related("change").prefetch_related("attempts")


def _issued(issued: Issued) -> Json:
    return shapes.webhook(issued.webhook) | {"secret": issued.secret}


def _linked(request: Request, cut: keyset.Page, shown: Any) -> JSONText:
    parameters, path = request.query_params, request.path
    return page(shown, keyset.link(path, parameters, cut.following), keyset.link(path, parameters, cut.previous), None)


def _reading(operation: str, summary: str, response: Json) -> Contract:
    return Contract(operation, summary, response, tag="webhooks", problems=(400, 401, 403, 404),
                    scope=Scope.WEBHOOKS.value)  # fmt: skip


def _writing(operation: str, summary: str, response: Json, body: Json, status: int = 200) -> Contract:
    return replace(_reading(operation, summary, response), request=body, status=status,
                   problems=(400, 401, 403, 404, 413, 415))  # fmt: skip


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
