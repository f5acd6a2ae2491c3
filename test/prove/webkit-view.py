"""A window of WebKitGTK whose origin may show notifications: webkit-view.py URL FOLDER."""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2

url, folder = sys.argv[1:]

data = WebKit2.WebsiteDataManager(base_data_directory=folder, base_cache_directory=folder)
context = WebKit2.WebContext.new_with_website_data_manager(data)
origins = [WebKit2.SecurityOrigin.new_for_uri(url)]
context.connect(
    "initialize-notification-permissions",
    lambda asking: asking.initialize_notification_permissions(origins, []),
)

settings = WebKit2.Settings()
features = WebKit2.Settings.get_all_features()
for index in range(features.get_length()):
    feature = features.get(index)
    if feature.get_identifier() in ("PushAPI", "AppBadge"):
        settings.set_feature_enabled(feature, True)

view = WebKit2.WebView(web_context=context, settings=settings)
granted = WebKit2.PermissionState.GRANTED
view.connect("permission-request", lambda _, request: request.allow() or True)
view.connect("query-permission-state", lambda _, query: query.finish(granted) or True)

window = Gtk.Window()
window.add(view)
window.show_all()
view.load_uri(url)
version = (WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
print("WebKitGTK", ".".join(map(str, version)), flush=True)
Gtk.main()
