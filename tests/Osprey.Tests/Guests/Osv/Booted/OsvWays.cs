using System.Text.Json;
using System.Text.Json.Nodes;
using Osprey.Tests.Guests.Qmp;

namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>
/// A guest that stands still, by three ways: its process, QEMU's stub, and a core that QEMU wrote at that moment.
/// It runs on when this is disposed of.
/// </summary>
internal sealed class OsvWays : IDisposable
{
    // What tells the ways apart and not the guest.
    private static readonly string[] s_ofTheWay = ["target", "access", "qemuState"];

    private readonly QmpClient _qmp;
    private readonly string _core;
    private readonly (string Name, OsvCommandLine Commands)[] _ways;

    /// <summary>Stops a guest, and has QEMU write a core.</summary>
    public OsvWays(OsvGuest guest)
    {
        _qmp = new QmpClient(guest.TestQmpSocket);
        _core = guest.PathOf("core");
        _qmp.Execute("stop");
        _qmp.Execute("dump-guest-memory", new { paging = false, protocol = $"file:{_core}" });
        _ways =
        [
            ("live", OsvCommandLine.Live(guest)),
            ("stub", OsvCommandLine.Stub(guest)),
            ("core", OsvCommandLine.Core(guest, _core)),
        ];
    }

    /// <summary>Runs a command by each way; the answers must be the same.</summary>
    /// <returns>The answer.</returns>
    public JsonElement Ask(params string[] arguments)
    {
        JsonElement[] answers = [.. _ways.Select(way => way.Commands.Json(arguments))];
        for (int i = 1; i < answers.Length; i++)
        {
            string command = $"{string.Join(' ', arguments)}, {_ways[i].Name}";
            Assert.Equal((command, Strip(answers[0])), (command, Strip(answers[i])));
        }

        return answers[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _qmp.Execute("cont");
        _qmp.Dispose();
        File.Delete(_core);
    }

    private static string Strip(JsonElement answer)
    {
        JsonObject root = JsonNode.Parse(answer.GetRawText())!.AsObject();
        foreach (string name in s_ofTheWay)
            root.Remove(name);

        // What QEMU says of the guest's state is in the sentence of a guest that did not abort.
        if (root["sentence"]?.GetValue<string>() is { } sentence)
            root["sentence"] = sentence.Replace(" and QEMU keeps it still (paused)", "", StringComparison.Ordinal);

        return root.ToJsonString();
    }
}
