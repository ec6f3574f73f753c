"""Why an attempt failed; partners rely on these words."""

from __future__ import annotations

from tracker.values.codes import BilingualChoices


class Trouble(BilingualChoices):
    ADDRESS = "address", "地址不可用 address not allowed"
    CONNECTION = "connection", "连接失败 no connection"
    TLS = "tls", "加密连接失败 no trusted TLS connection"
    TIMEOUT = "timeout", "超时 too slow"
    CLOSED = "closed", "未答复即断开 closed without an answer"
    REDIRECT = "redirect", "重定向（不跟随） redirect, which is not followed"
    STATUS = "status", "答复为错误 answered with an error"
    PROGRAM = "program", "程序错误 error of this tracker"
