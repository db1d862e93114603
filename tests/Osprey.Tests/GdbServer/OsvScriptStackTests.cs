using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests.Osv;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Symbols.Oracle;
using Xunit.Abstractions;

namespace Osprey.Tests.GdbServer;

/// <summary>
/// The stacks of all threads of an OSv guest that stands still: in gdb with OSv's own script on QEMU's stub, and in
/// gdb without any script through the server.
/// </summary>
[Trait("Category", "Slow")]
public sealed partial class OsvScriptStackTests(ITestOutputHelper output)
{
    [OsvBuildFact("qemu-system-x86_64", "gdb")]
    public void Stacks_OfAllThreads_AreThoseOfOsvsScript()
    {
        using var guest = new OsvGuest(2);
        guest.WaitForBoot();
        using (var qmp = new QmpClient(guest.TestQmpSocket))
            qmp.Execute("stop");

        // "osv syms" has gdb read the programs that the guest has loaded.
        string script = OsvGdb.RunOsvCommands(guest, "osv syms", "osv thread apply all bt")[1];
        string served;
        using (var server = new ServerProcess(guest.PathOf("served"), "--target", guest.Name))
            served = GdbSession.Run(guest.PathOf("served"), "thread apply all bt", "info sharedlibrary");

        CommandRun run = CommandRun.Of("threads", "--json", "--target", guest.Name);
        Dictionary<string, string> ids = JsonNode.Parse(run.Text)!["threads"]!
            .AsArray()
            .ToDictionary(thread => (string)thread!["address"]!, thread => $"{(long)thread!["id"]!}");
        Dictionary<string, string[]> ours = Parse(served, OurThread());
        Dictionary<string, string[]> theirs = Parse(script, TheirThread());
        Assert.True(theirs.Count > 20, script);
        Assert.True(theirs.Count == ours.Count, $"{theirs.Count} threads of the script, {ours.Count} of ours");
        foreach ((string address, string[] frames) in theirs)
        {
            Assert.True(ours.TryGetValue(ids[address], out string[]? found), $"{address}: {served}");
            Assert.Equal(frames, found);
        }

        output.WriteLine($"{theirs.Count} threads, {theirs.Sum(one => one.Value.Length)} frames are the same");
    }

    /// <summary>Functions and lines of each thread's frames, by what names the thread.</summary>
    private static Dictionary<string, string[]> Parse(string text, Regex thread)
    {
        Match[] heads = thread.Matches(text).ToArray();
        var stacks = new Dictionary<string, string[]>();
        for (int i = 0; i < heads.Length; i++)
        {
            int end = i + 1 < heads.Length ? heads[i + 1].Index : text.Length;
            stacks[heads[i].Groups["id"].Value] =
            [
                .. Frame().Matches(text[heads[i].Index..end]).Select(frame => Describe(frame.Groups["rest"].Value)),
            ];
        }

        return stacks;
    }

    /// <summary>A frame without its arguments: they are values that gdb may know or not, by what is saved.</summary>
    private static string Describe(string frame)
    {
        int line = frame.LastIndexOf(" at ", StringComparison.Ordinal);
        string place = line < 0 ? "" : frame[line..];
        string function = line < 0 ? frame : frame[..line];
        int depth = 0;
        for (int i = function.Length - 1; i > 0; i--)
        {
            depth +=
                function[i] == ')' ? 1
                : function[i] == '(' ? -1
                : 0;
            if (depth == 0)
                return function[..i].TrimEnd() + place;
        }

        return function + place;
    }

    [GeneratedRegex(@"(?m)^thread (?<id>0x[0-9a-f]+) ")]
    private static partial Regex TheirThread();

    [GeneratedRegex(@"(?m)^Thread \d+ \(Thread (?<id>\d+) """)]
    private static partial Regex OurThread();

    [GeneratedRegex(@"(?m)^#\d+ +(0x[0-9a-f]+ in )?(?<rest>.*)$")]
    private static partial Regex Frame();
}
