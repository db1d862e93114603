using System.Diagnostics;
using System.Text.Json;
using Osprey.Tests.Builders;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Dap;

/// <summary>A client that is not ours, on a Linux guest that has no file here.</summary>
[Collection(MemfdGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class DapLinuxTests(MemfdGuest fixture)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    [RequiresDapClientFact]
    public void Session_OfNpmsClient_IsAsItShouldBe()
    {
        string wish = JsonSerializer.Serialize(
            new { attach = new { target = fixture.Guest.Name, noCache = true }, func = "hrtimer_interrupt" }
        );
        var start = new ProcessStartInfo(
            "node",
            [
                GoldenFile.GetPath("session.js"),
                RequiresDapClientFactAttribute.PackageDirectory,
                .. TestedProgram.Words,
                "dap",
                "--",
                wish,
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process node = Process.Start(start)!;
        Task<string> errors = node.StandardError.ReadToEndAsync();
        Task<string> output = node.StandardOutput.ReadToEndAsync();
        bool hasEnded = node.WaitForExit(s_patience);
        if (!hasEnded)
            node.Kill(entireProcessTree: true);

        Assert.True(hasEnded && node.ExitCode == 0, output.Result + errors.Result);
        Assert.Equal(
            """
            stopped at the function
            threads, frames, scopes, variables and commands were shown
            steps stayed with their thread, and went out of the function
            conditions and counts decided what stops
            left

            """,
            output.Result
        );
        using var qmp = new QmpClient(fixture.Guest.TestQmpSocket);
        Assert.True(
            SpinWait.SpinUntil(
                () => qmp.Execute("query-status").GetProperty("running").GetBoolean(),
                TimeSpan.FromSeconds(20)
            )
        );
    }
}
