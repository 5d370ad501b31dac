"""Mirror a portal: its pages, feeds and archives → Markdown files; and keep out of the build what was taken down."""


def register() -> None:
    from plugins.mirror.withdrawals import connect

    connect()
