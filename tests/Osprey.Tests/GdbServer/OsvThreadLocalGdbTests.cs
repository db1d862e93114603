using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests.Osv;
using Osprey.Tests.Guests.Osv.Booted;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.GdbServer;

/// <summary>Thread-local variables of an OSv guest in stock gdb: of each thread those that we say are its.</summary>
[Trait("Category", "Slow")]
public sealed partial class OsvThreadLocalGdbTests
{
    private static readonly string[] s_kernelVariables = ["sched::s_current", "sched::preempt_counter"];

    [OsvBuildFact("qemu-system-x86_64", "gdb")]
    public void VariablesOfTheKernel_OfEachThread_AreItsOwn()
    {
        using var guest = new OsvGuest(2);
        guest.WaitForBoot();
        using var qmp = new QmpClient(guest.TestQmpSocket);
        qmp.Execute("stop");
        foreach (string variable in s_kernelVariables)
            Assert.True(Compare(guest, variable) > 10);
    }

    [OsvGuestFact(OsvGuests.Default, "gdb")]
    public void VariablesOfAProgram_OfEachThread_AreItsOwn()
    {
        using var guest = new OsvGuest(2, OsvGuests.Find(OsvGuests.Default), "/workload");
        guest.WaitForText("ready");
        using var qmp = new QmpClient(guest.TestQmpSocket);
        qmp.Execute("stop");
        Assert.True(Compare(guest, "app_tls") >= 2);
    }

    /// <summary>Compares addresses and values in all threads that have the variable; gives how many have.</summary>
    private static int Compare(OsvGuest guest, string variable)
    {
        CommandRun run = CommandRun.Of("tls", variable, "--json", "--target", guest.Name);
        Assert.True(run.ExitCode == 0, run.Messages);
        using var server = new ServerProcess(guest.PathOf("served"), "--target", guest.Name);
        string said = GdbSession.Run(
            guest.PathOf("served"),
            $"thread apply all -c -- print &{variable}",
            $"thread apply all -c -- output/x {variable}"
        );
        ILookup<string, string> shown = Shown()
            .Matches(said)
            .ToLookup(found => found.Groups["id"].Value, found => found.Groups["value"].Value);
        int compared = 0;
        var places = new HashSet<string>();
        foreach (JsonNode? row in JsonNode.Parse(run.Text)!["values"]!.AsArray())
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"{(long)row!["id"]!}");
            if ((string?)row["address"] is not { } address)
            {
                Assert.True(!shown[id].Any(), $"thread {id} has {variable} in gdb:\n{said}");
                continue;
            }

            Assert.True(shown[id].FirstOrDefault() == address, $"thread {id}: not {address} in gdb:\n{said}");
            Assert.True(places.Add(address), $"two threads at {address}");
            compared++;
        }

        return compared;
    }

    [GeneratedRegex(@"(?m)^Thread \d+ \(Thread (?<id>\d+)[^\n]*\):?\n\$\d+ = (\([^)]*\) )?(?<value>0x[0-9a-f]+)")]
    private static partial Regex Shown();
}
