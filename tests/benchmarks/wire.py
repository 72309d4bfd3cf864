"""A Streamlit page over the wire, without a browser: how long the server takes from a change to its last message."""

import time
from contextlib import ExitStack

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

FIELD = "text_input"


class Wire:
    """One session of a served page that has one text field."""

    def __init__(self, url, query="", page=""):
        address = url.replace("http://", "ws://") + "/_stcore/stream"
        self.open = ExitStack()
        self.socket = self.open.enter_context(connect(address, subprotocols=["streamlit"], origin=url, max_size=None))
        self.query, self.field, self.page, self.name = query, "", "", page
        self.markdown, self.config = [], None  # of the last run
        self.rerun()

    def rerun(self, text=None):
        """Runs the script, with a new text in the field; returns the seconds until it has finished."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.page_name = "" if self.page else self.name  # the name only leads there
        if text is not None:
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.string_value = self.field, text
        start = time.perf_counter()
        self.socket.send(message.SerializeToString())
        while True:
            data = self.socket.recv(timeout=60)
            received = ForwardMsg.FromString(data)
            kind = received.WhichOneof("type")
            if kind == "script_finished":
                return time.perf_counter() - start
            if kind == "new_session":
                self.page, self.markdown = received.new_session.page_script_hash, []
                self.config = received.new_session.config
            elif kind == "delta":
                self._see(received.delta.new_element)

    def _see(self, element):
        kind = element.WhichOneof("type")
        if kind == FIELD:
            self.field = element.text_input.id
        elif kind == "markdown":
            self.markdown.append(element.markdown.body)

    def close(self):
        self.open.close()
