using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Osprey.Tracing.AspNetCore;

/// <summary>
/// JSON in the form that OSv's REST server writes: a space behind colons, none between a list's elements.
/// </summary>
internal static class ReplyText
{
    public static string Of(TracepointState state) =>
        $"{{\"name\": {Quote(state.Name)}, \"id\": {Quote(state.Name)}, \"enabled\": {Word(state.Enabled)}, "
        + $"\"backtrace\": {Word(state.Backtrace)}}}";

    public static string Of(IEnumerable<TracepointState> states) => $"[{string.Join(',', states.Select(Of))}]";

    /// <summary>Writes counts; as in OSv, there is no list when nothing is counted.</summary>
    public static string Of(IReadOnlyList<(string Name, ulong Count)> counts, long milliseconds)
    {
        var text = new StringBuilder("{");
        if (counts.Count > 0)
        {
            IEnumerable<string> elements = counts.Select(count =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{{\"name\": {Quote(count.Name)}, \"count\": {count.Count}}}"
                )
            );
            text.Append("\"list\": [").AppendJoin(',', elements).Append("], ");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\"time_ms\": {milliseconds}}}").ToString();
    }

    public static string OfError(int status, string message) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"message\": {Quote(message)}, \"code\": {status}}}");

    public static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    private static string Word(bool value) => value ? "true" : "false";
}
