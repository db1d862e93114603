using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Traces.Calls;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Writes function calls as an indented listing.</summary>
internal static class CallText
{
    private const int MaxIndentation = 64;

    /// <summary>Writes the header.</summary>
    public static void AppendHeader(Utf8Builder text) =>
        text.Append(
            $"{"THREAD", -18} {"THREAD-NAME", -15} {"CPU", 2} {"TIMESTAMP[s]", 18} {"DURATION", 10}  FUNCTION\n"
        );

    /// <summary>Writes a line.</summary>
    /// <param name="text">Gets it.</param>
    /// <param name="line">The line.</param>
    /// <param name="isShort">Whether C++ names are shortened.</param>
    public static void Append(Utf8Builder text, CallLine line, bool isShort)
    {
        text.Append("0x"u8);
        text.AppendHex(line.Thread, 16);
        string cpu = line.Cpu is uint number ? $"{number}" : "-";
        text.Append($" {line.ThreadName, -15} {cpu, 2} ");
        TimeText.AppendSeconds(text, line.Time, 19);
        string duration = line.Nanoseconds is ulong nanoseconds ? TimeText.Human(nanoseconds) : "";
        text.Append($" {duration, 10}  ");
        text.Append(new string(' ', 2 * Math.Min(line.Depth, MaxIndentation)));
        string name = isShort && line.Function is not null ? ShortNames.Shorten(line.Name) : line.Name;
        text.Append(
            line.Kind switch
            {
                CallLineKind.Call => $"{name};\n",
                CallLineKind.Enter => $"{name} {{\n",
                CallLineKind.Leave => $"}} {name}\n",
                CallLineKind.LoneLeave => $"}} {name} (its entry was not recorded)\n",
                _ => $"/* {name}{(line.Arguments is null ? "" : $" {line.Arguments}")} */\n",
            }
        );
    }
}
