"""A small Microsoft or Google on this machine: real requests, real answers, claims that a test chooses."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import jwt


class IdentityProvider:
    def __init__(self):
        self.claims = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(provider.document(urlparse(self.path).path))

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(provider.tokens())

            def answer(self, content):
                body = json.dumps(content).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def document(self, path):
        if path.endswith("openid-configuration"):
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        return {"sub": "subject-1", **self.claims}

    def tokens(self):
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": ["client-google", "client-microsoft"],
            "sub": "subject-1",
            "iat": now,
            "exp": now + 600,
            **self.claims,
        }
        return {
            "access_token": "access",
            "token_type": "Bearer",
            "expires_in": 600,
            "id_token": jwt.encode(claims, "x" * 40, algorithm="HS256"),
        }

    def sign_in(self, client, provider="google"):
        """Press the button, come back from the other side. Returns the page one ends on."""
        sent = client.post(f"/account/oidc/{provider}/login/")
        assert sent.status_code == 302, sent
        assert sent["Location"].startswith(f"{self.url}/authorize")
        state = parse_qs(urlparse(sent["Location"]).query)["state"][0]
        return client.get(f"/account/oidc/{provider}/login/callback/", {"code": "c", "state": state}, follow=True)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
