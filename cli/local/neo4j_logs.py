"""Where Neo4j writes its logs: its own defaults, but with paths that it cannot misread.

Left to itself, Neo4j 5.26 hands the path of its logs to Log4j with Java's escapes, and Log4j takes
each backslash of those for the start of a folder: `/home/jörg` becomes `/home/j/u00F6rg`. So the
files are named from the server's working folder, which needs no escaping.
"""

from pathlib import Path
from xml.sax.saxutils import quoteattr

_PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSSZ}{GMT+0} %-5p %m%n"
_APPENDER = """\
    <RollingRandomAccessFile name="{name}" fileName={file} filePattern={rolled}>
      <{layout} pattern="{pattern}"/>
      <Policies><SizeBasedTriggeringPolicy size="20 MB"/></Policies>
      <DefaultRolloverStrategy fileIndex="min" max="{kept}"/>
    </RollingRandomAccessFile>
"""


def write_log_settings(folder: Path, logs: str) -> None:
    """Write the two files in which Neo4j looks for how to log.

    Args:
        folder: The folder of its configuration.
        logs: The folder of the logs, as a path from the server's working folder.
    """
    console = f"""\
    <Console name="Console" target="SYSTEM_OUT"><PatternLayout pattern="{_PATTERN}"/></Console>
"""
    user = _appender("User", logs, "neo4j.log", 5) + console
    server = _appender("Debug", logs, "debug.log", 7, "Neo4jDebugLogLayout", "[%c{1.}] ")
    for name in ("Http", "Query", "Security"):
        server += _appender(name, logs, f"{name.lower()}.log", 5)
    others = "".join(
        f'    <Logger name="{name}Logger" level="INFO" additivity="false">'
        f'<AppenderRef ref="{name}"/></Logger>\n'
        for name in ("Http", "Query", "Security")
    )
    for name, appenders, roots, loggers in (
        ("user-logs.xml", user, ("User", "Console"), ""),
        ("server-logs.xml", server, ("Debug",), others),
    ):
        refs = "".join(f'<AppenderRef ref="{root}"/>' for root in roots)
        (folder / name).write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n<Configuration status="ERROR">\n'
            f"  <Appenders>\n{appenders}  </Appenders>\n"
            f'  <Loggers>\n    <Root level="INFO">{refs}</Root>\n{loggers}  </Loggers>\n'
            "</Configuration>\n",
            encoding="utf-8",
        )


def _appender(
    name: str, logs: str, file: str, kept: int, layout: str = "PatternLayout", origin: str = ""
) -> str:
    return _APPENDER.format(
        name=name,
        file=quoteattr(f"{logs}/{file}"),
        rolled=quoteattr(f"{logs}/{file}.%02i"),
        layout=layout,
        pattern=_PATTERN.replace("%m", f"{origin}%m"),
        kept=kept,
    )
