using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Report;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Guest;

/// <summary>What the commands say of a live guest.</summary>
[Collection(MemfdGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class GuestCommandTests(MemfdGuest fixture)
{
    private LinuxGuest Guest => fixture.Guest;

    private GuestReport Report => Guest.Report;

    private GuestCommandLine Cli => new(Guest);

    private ulong Pattern => Report.Variables.Single(variable => variable.Name == "pattern").Address;

    [LinuxGuestFact]
    public void Guests_WithAGuest_ListIt()
    {
        Assert.True(Guest.IsRunning);

        // A listing waits a tenth of a second for QMP, which a busy machine may need to itself.
        CommandRun run = Repeat(
            () => CommandRun.Of("guests", "--json"),
            run => FindGuest(run).GetProperty("qmpProblem").ValueKind == JsonValueKind.Null
        );
        JsonElement guest = FindGuest(run);
        string text = Repeat(
            () => CommandRun.Of("guests"),
            run => !run.Text.Contains($"no unix:{Guest.QmpSocket}", StringComparison.Ordinal)
        ).Text;

        string kernel = LinuxGuestImage.Kernel;
        Assert.Equal((0, ""), (run.ExitCode, run.Messages));
        Assert.Equal(
            $$"""{"pid":{{Guest.ProcessId}},"name":"{{Guest.Name}}","vcpus":2,"memory":"""
                + $$"""268435456,"state":"running","machine":"pc","kernel":"{{kernel}}","memoryReadable":"""
                + $$"""true,"qmp":"unix:{{Guest.QmpSocket}}","qmpProblem":null,"gdb":"unix:{{Guest.GdbSocket}}"}""",
            JsonSerializer.Serialize(guest)
        );
        Assert.Matches(
            $@"(?m)^ *{Guest.ProcessId}  {Guest.Name} +2 +256 MiB  running +vmlinuz +memory, "
                + $@"unix:{Guest.QmpSocket}, gdb:unix:{Guest.GdbSocket}$",
            text
        );
    }

    [LinuxGuestFact]
    public void Info_OfTheGuest_SaysWhatItIs()
    {
        JsonElement info = Cli.Json("info");

        Assert.Equal(
            (
                "live",
                "linux",
                Report.KernelVersion.Split(' ')[2],
                $"0x{Report.FindSymbol("_text").Address:x}",
                2,
                256L << 20
            ),
            (
                info.GetProperty("access").GetString(),
                info.GetProperty("system").GetString(),
                info.GetProperty("version").GetString(),
                info.GetProperty("kernelAddress").GetString(),
                info.GetProperty("vcpus").GetInt32(),
                info.GetProperty("memory").GetInt64()
            )
        );
        Assert.Contains(
            info.GetProperty("blocks").EnumerateArray(),
            block => block.GetProperty("kind").GetString() == "rom"
        );
        JsonElement program = Assert.Single(info.GetProperty("programs").EnumerateArray());
        Assert.Equal(
            (LinuxGuestImage.Init, "0x400000"),
            (program.GetProperty("path").GetString(), program.GetProperty("address").GetString())
        );

        string[] rows = Cli.Run("info").Text.Split('\n');
        Assert.Equal(
            $"target        qemu pid {Guest.ProcessId} ({Guest.Name}), 2 vCPUs, 256 MiB: live, not paused",
            rows[0]
        );
        Assert.Equal($"system        Linux {Report.KernelVersion.Split(' ')[2]}", rows[1]);
        Assert.Contains("memory        256 MiB, read by mapped shared memory", rows);
    }

    [LinuxGuestFact]
    public void Read_OfAPattern_ShowsItsBytes()
    {
        GuestPattern pattern = Report.Patterns.Single(pattern => pattern is { Space: 0, Name: "pattern" });
        JsonElement read = Cli.Json("read", "pattern+0x10", "100");
        JsonElement piece = Assert.Single(read.GetProperty("pieces").EnumerateArray());
        string physical = Report.Translate(0, Pattern)!.Value.ToString();

        Assert.Equal(
            Convert.ToHexStringLower(pattern.GetBytes(Pattern + 16, 100)),
            piece.GetProperty("hex").GetString()
        );
        Assert.Equal(pattern.GetBytes(Pattern, 5000), Cli.Run("read", $"0x{Pattern:x}", "5000", "--raw").Output);
        Assert.Equal(pattern.GetBytes(Pattern, 4096), Cli.Run("read", physical, "0x1000", "--raw", "--phys").Output);
        GoldenFile.Verify(
            Shown(Cli.Run("read", "pattern", "40"))
                + Shown(Cli.Run("read", "pattern", "40", "--unit", "8"))
                + Shown(Cli.Run("read", "pattern+3", "9", "--unit", "4"))
        );
    }

    [LinuxGuestFact]
    public void Read_AcrossAnEdge_ShowsWhatIsThere()
    {
        GuestRegion sparse = Report.Regions.Single(region => region is { Space: 0, Name: "sparse" });
        string edge = $"0x{sparse.Address + 4096 - 8:x}";
        string gap = $"0x{sparse.Address + 4096:x}";
        CommandRun json = Cli.Run("read", edge, "16", "--json");
        string[] pieces =
        [
            .. JsonDocument
                .Parse(json.Text)
                .RootElement.GetProperty("pieces")
                .EnumerateArray()
                .Select(piece =>
                    $"{piece.GetProperty("address")} {piece.GetProperty("size")} {piece.GetProperty("hex").ValueKind}"
                ),
        ];

        Assert.Equal([$"{edge} 8 String", $"{gap} 8 Null"], pieces);
        Assert.Equal((1, 8), (json.ExitCode, Cli.Run("read", edge, "16", "--raw").Output.Length));
        Assert.Equal("osprey: 8 of 16 bytes can't be read", LastLine(json));
        CommandRun nothing = Cli.Run("read", gap, "16");
        Assert.Equal(
            (1, "", $"osprey: address {gap} can't be read: not mapped: its entry of level 1 is not present"),
            (nothing.ExitCode, nothing.Text, LastLine(nothing))
        );
        CommandRun hole = Cli.Run("read", "0xc0000000", "16", "--phys");
        Assert.Equal(
            (
                1,
                "",
                "osprey: physical address 0xc0000000 can't be read: the guest has no memory there (osprey info "
                    + "lists what it has)"
            ),
            (hole.ExitCode, hole.Text, LastLine(hole))
        );
        CommandRun forbidden = Cli.Run(
            "read",
            $"0x{Report.Regions.Single(region => region is { Space: 0, Name: "noaccess" }).Address:x}",
            "16"
        );
        Assert.EndsWith(
            "the page is swapped out, or has no permission (PROT_NONE)",
            LastLine(forbidden),
            StringComparison.Ordinal
        );
    }

    [LinuxGuestFact]
    public void Code_OfAFunction_IsNamedListedAndDisassembled()
    {
        string at = $"0x{Report.SpinStart:x}";
        GoldenFile.Verify(
            Shown(Cli.Run("symbol", at))
                + Shown(Cli.Run("list", at, "-n", "5"))
                + Shown(Cli.Run("disassemble", at, "-n", "3"))
                + Shown(Cli.Run("symbol", "0x10"))
                + Shown(Cli.Run("symbol", "nothing_of_this_name"))
                + Shown(Cli.Run("list", "0x10"))
                + Shown(Cli.Run("disassemble", "0x10"))
        );

        JsonElement symbol = Cli.Json("symbol", at);
        Assert.Equal(
            (at, "spin", LinuxGuestImage.Init),
            (
                symbol.GetProperty("address").GetString(),
                symbol.GetProperty("frames")[0].GetProperty("name").GetString(),
                symbol.GetProperty("module").GetString()
            )
        );
        Assert.EndsWith("worker.c", Cli.Json("list", at).GetProperty("file").GetString(), StringComparison.Ordinal);
        JsonElement[] instructions =
        [
            .. Cli.Json("disassemble", at, "-n", "3").GetProperty("instructions").EnumerateArray(),
        ];
        Assert.Equal(
            Report.SpinEnd - Report.SpinStart,
            (ulong)instructions.Sum(one => one.GetProperty("bytes").GetString()!.Length / 2)
        );
    }

    [LinuxGuestFact]
    public void RegistersAndStacks_OfTheVcpus_AreThoseOfTheWorkers()
    {
        foreach (GuestWorker worker in Report.Workers)
        {
            string cpu = worker.Cpu.ToString();
            JsonElement registers = UntilInLoop(
                () => Cli.Json("registers", "--cpu", cpu).GetProperty("vcpus")[0],
                one => Number(one.GetProperty("registers").GetProperty("rip"))
            );
            Assert.Equal(worker.Cpu, registers.GetProperty("cpu").GetInt32());
            foreach (Register register in X64Architecture.Instance.Registers.Take(X64Register.R15.Index + 1))
                Assert.Equal(
                    (register, worker.Registers[register]),
                    (register, Number(registers.GetProperty("registers").GetProperty(register.Name)))
                );

            JsonElement stack = UntilInLoop(
                () => Cli.Json("bt", "--cpu", cpu).GetProperty("vcpus")[0],
                one => Number(one.GetProperty("frames")[0].GetProperty("address"))
            );
            JsonElement[] frames =
            [
                .. stack
                    .GetProperty("frames")
                    .EnumerateArray()
                    .Where(frame => !frame.GetProperty("inlined").GetBoolean()),
            ];
            Assert.Equal(
                worker.Frames.Select(frame => frame.Function),
                frames.Take(worker.Frames.Count).Select(frame => frame.GetProperty("function").GetString())
            );
            Assert.Equal(
                worker.Frames.Select(frame => frame.ReturnAddress),
                frames.Skip(1).Take(worker.Frames.Count).Select(frame => Number(frame.GetProperty("address")))
            );
            Assert.True(stack.GetProperty("complete").GetBoolean());
        }

        Assert.Matches(@"(?s)^vCPU 0.*\n  rax            0x[0-9a-f]{16}  rdx .*\nvCPU 1", Cli.Run("registers").Text);
        Assert.Matches(@"(?s)^vCPU 0\n#0 .*\n\nvCPU 1\n#0 ", Cli.Run("bt").Text);
        Assert.Equal(
            (1, "has 2 CPUs; there is no CPU 2"),
            (Cli.Run("bt", "--cpu", "2").ExitCode, LastLine(Cli.Run("bt", "--cpu", "2"))[^29..])
        );
    }

    [LinuxGuestFact]
    public void Stacks_OfSavedRegisters_AreThoseOfTheWorkers()
    {
        foreach (GuestWorker worker in Report.Workers)
        {
            string start = $"0x{Report.SpinStart:x}";
            string saved = $"workers[{worker.Cpu}].saved";
            foreach (
                string registers in (string[])
                    [
                        saved,
                        $"&{saved}",
                        $"rip = {start}, rsp = workers[{worker.Cpu}].stack_pointer",
                        $"ip={start},sp=(&{saved})->sp",
                    ]
            )
            {
                CommandRun run = Cli.Run("bt", "--cpu", worker.Cpu.ToString(), "--registers", registers, "--json");
                Assert.Equal((0, true), (run.ExitCode, !run.Messages.Contains("was paused", StringComparison.Ordinal)));
                JsonElement stack = JsonDocument.Parse(run.Text).RootElement.GetProperty("vcpus")[0];
                Assert.Equal(JsonValueKind.Null, stack.GetProperty("cpu").ValueKind);
                JsonElement[] frames =
                [
                    .. stack
                        .GetProperty("frames")
                        .EnumerateArray()
                        .Where(frame => !frame.GetProperty("inlined").GetBoolean()),
                ];
                Assert.Equal(
                    worker.Frames.Select(frame => frame.Function),
                    frames.Take(worker.Frames.Count).Select(frame => frame.GetProperty("function").GetString())
                );
                Assert.Equal(
                    worker.Frames.Select(frame => frame.ReturnAddress),
                    frames.Skip(1).Take(worker.Frames.Count).Select(frame => Number(frame.GetProperty("address")))
                );
                Assert.True(stack.GetProperty("complete").GetBoolean());
            }
        }

        Assert.Matches(
            @"(?s)^saved registers\n#0 .* spin at .*\n         worker = ",
            Cli.Run("bt", "--registers", "workers[0].saved", "--locals").Text
        );
        (string Registers, string Problem)[] bad =
        [
            ("probe", "'probe' has no rip: a stack can't be followed without"),
            ("rip=1, xyz=2", "'xyz' is no register"),
            ("rip=1, rsp", "'rsp' has no value"),
            ("list->index", "'list->index' is no struct of registers"),
            ("rip=1,rsp=*(long *)8", "rsp can't be read: "),
            ("nothing_like_it", "'nothing_like_it': No symbol \"nothing_like_it\""),
        ];
        foreach ((string registers, string problem) in bad)
        {
            CommandRun run = Cli.Run("bt", "--registers", registers);
            Assert.Contains($"\nosprey: {problem}", run.Messages, StringComparison.Ordinal);
            Assert.Equal((1, ""), (run.ExitCode, run.Text));
        }

        Assert.Equal(2, Cli.Run("bt", "--registers", "probe", "--cpus").ExitCode);
    }

    [LinuxGuestFact]
    public void PageTable_OfAnAddress_IsItsFrame()
    {
        GuestRegion huge = Report.Regions.Single(region => region is { Space: 0, Name: "hugetlb" });
        PhysicalAddress place = Report.Translate(0, huge.Address + 0x1234)!.Value;
        JsonElement walk = Cli.Json("pagetable", $"0x{huge.Address + 0x1234:x}");
        string[] text = Cli.Run("pagetable", $"0x{huge.Address + 0x1234:x}").Text.TrimEnd().Split('\n');

        Assert.Equal(
            ("Mapped", place.ToString(), 2 << 20, 3),
            (
                walk.GetProperty("outcome").GetString(),
                walk.GetProperty("physical").GetString(),
                walk.GetProperty("pageSize").GetInt32(),
                walk.GetProperty("steps").GetArrayLength()
            )
        );
        Assert.Equal(
            (
                4,
                $"0x{huge.Address + 0x1234:x} is physical {place}, in a page of 2 MiB, "
                    + $"{walk.GetProperty("permissions").GetString()}"
            ),
            (text.Length, text[^1])
        );
        Assert.StartsWith("level 4  entry ", text[0], StringComparison.Ordinal);

        JsonElement[] ranges = [.. Cli.Json("pagetable", "--map").GetProperty("ranges").EnumerateArray()];
        JsonElement range = Assert.Single(
            ranges,
            one =>
                Number(one.GetProperty("start")) <= huge.Address
                && Number(one.GetProperty("start")) + one.GetProperty("size").GetUInt64() > huge.Address
        );
        Assert.Equal(2 << 20, range.GetProperty("largestPage").GetInt32());
        Assert.True(Cli.Run("pagetable", "--map").Text.Split('\n').Length > 100);
        CommandRun nowhere = Cli.Run("pagetable", "0x1000");
        Assert.Equal(
            (1, true),
            (
                nowhere.ExitCode,
                LastLine(nowhere)
                    .StartsWith("osprey: address 0x1000 can't be read: not mapped", StringComparison.Ordinal)
            )
        );
    }

    [LinuxGuestFact]
    public void Search_OfAPattern_FindsItsPlace()
    {
        string bytes = Convert.ToHexStringLower(
            Report.Patterns.Single(pattern => pattern is { Space: 0, Name: "pattern" }).GetBytes(Pattern, 16)
        );
        string place = Report.Translate(0, Pattern)!.Value.ToString();
        CommandRun run = Cli.Run("search", bytes);
        CommandRun none = Cli.Run("search", "00112233445566778899aabbccddeeff0123456789", "--end", "0x100000");

        Assert.Equal((0, $"{place}  virtual 0x{Pattern:x} in pattern"), (run.ExitCode, run.Text.Split('\n')[0]));
        JsonElement found = Cli.Json("search", bytes);
        Assert.Equal(
            ("live", true, 0),
            (
                found.GetProperty("access").GetString(),
                found.GetProperty("complete").GetBoolean(),
                found.GetProperty("unreadableBytes").GetInt32()
            )
        );
        Assert.Equal([place], found.GetProperty("matches").EnumerateArray().Select(match => match.GetString()));
        Assert.Equal((1, "", "osprey: not found"), (none.ExitCode, none.Text, LastLine(none)));
    }

    [LinuxGuestFact]
    public void Dump_OfTheGuest_AnswersAsTheGuest()
    {
        string core = Path.Combine(Guest.Folder, "cli.core");
        JsonElement dump = Cli.Json("dump", core, "--force");
        var cli = new GuestCommandLine(Guest, "core:" + core);

        Assert.Equal(
            (core, 2, 0),
            (
                dump.GetProperty("file").GetString(),
                dump.GetProperty("vcpus").GetInt32(),
                dump.GetProperty("unreadable").GetInt32()
            )
        );
        Assert.Equal("core", cli.Json("info").GetProperty("access").GetString());
        Assert.Equal(Cli.Run("read", "pattern", "64").Text, cli.Run("read", "pattern", "64").Text);
        CommandRun again = Cli.Run("dump", core);
        Assert.Equal(
            (1, $"osprey: {core} exists already; write over it with --force\n"),
            (again.ExitCode, again.Messages)
        );
        CommandRun itself = cli.Run("dump", core, "--force");
        Assert.Equal(
            (1, $"osprey: {core} is the core that is read; name another file to write\n"),
            (itself.ExitCode, itself.Messages)
        );
    }

    [LinuxGuestFact]
    public void Dump_OverALink_ReplacesWhereItLeadsAndLeavesWhatItCantReplace()
    {
        string core = Path.Combine(Guest.Folder, "linked.core");
        string link = Path.Combine(Guest.Folder, "link.core");
        File.WriteAllText(core, "old");
        File.CreateSymbolicLink(link, core);
        Assert.Equal(0, Cli.Run("dump", link, "--force").ExitCode);
        Assert.Equal(core, new FileInfo(link).LinkTarget);
        Assert.Equal(
            "core",
            new GuestCommandLine(Guest, "core:" + core).Json("info").GetProperty("access").GetString()
        );

        File.Delete(link);
        File.CreateSymbolicLink(link, "/dev/tty");
        CommandRun device = Cli.Run("dump", link, "--force");
        Assert.Equal(1, device.ExitCode);
        Assert.Contains("device", device.Messages, StringComparison.Ordinal);
        Assert.True(File.Exists("/dev/tty"));
        File.Delete(link);
    }

    [LinuxGuestFact]
    public void Target_ByNameProcessOrFile_IsTheGuest()
    {
        foreach (
            string target in (string[])
                [Guest.Name, $"qemu:{Guest.Name}", $"{Guest.ProcessId}", $"pid:{Guest.ProcessId}"]
        )
            Assert.Equal("live", new GuestCommandLine(Guest, target).Json("info").GetProperty("access").GetString());

        foreach (string target in (string[])[$"core:{fixture.Cores.Kdump}", fixture.Cores.Elf])
            Assert.Equal("core", new GuestCommandLine(Guest, target).Json("info").GetProperty("access").GetString());

        var stub = new GuestCommandLine(Guest, $"gdb:unix:{Guest.GdbSocket}");
        Assert.Equal("paused", stub.Json("info").GetProperty("access").GetString());
        Assert.Matches(@"osprey: the guest was paused for [0-9.]+ ms\n$", stub.Run("read", "pattern", "8").Messages);
    }

    private static CommandRun Repeat(Func<CommandRun> run, Func<CommandRun, bool> isDone)
    {
        for (int i = 0; i < 9; i++)
        {
            CommandRun found = run();
            if (isDone(found))
                return found;
        }

        return run();
    }

    private JsonElement FindGuest(CommandRun run) =>
        JsonDocument
            .Parse(run.Text)
            .RootElement.GetProperty("guests")
            .EnumerateArray()
            .Single(one => one.GetProperty("pid").GetInt32() == Guest.ProcessId);

    private static string LastLine(CommandRun run) => run.Messages.TrimEnd('\n').Split('\n')[^1];

    private static ulong Number(JsonElement text) =>
        ulong.Parse(text.GetString().AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex("/[^ ]*/linux-guest/")]
    private static partial Regex SourceFolder();

    [GeneratedRegex("833d[0-9a-f]{8}00")]
    private static partial Regex DistanceOfFlag();

    private JsonElement UntilInLoop(Func<JsonElement> ask, Func<JsonElement, ulong> address)
    {
        for (int i = 0; i < 100; i++)
        {
            JsonElement answer = ask();
            if (address(answer) >= Report.SpinStart && address(answer) < Report.SpinEnd)
                return answer;
        }

        throw new InvalidOperationException("the vCPU is never in its loop");
    }

    /// <summary>
    /// All that came out, with what differs from guest to guest, and from one compiler's init to another's, by name.
    /// </summary>
    private string Shown(CommandRun run)
    {
        string messages = string.Concat(
            run.Messages.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"! {line}\n")
        );
        string text = $"{run.Text}{messages}[exit code {run.ExitCode}]\n\n"
            .Replace($"qemu pid {Guest.ProcessId} ({Guest.Name})", "GUEST", StringComparison.Ordinal)
            .Replace(LinuxGuestImage.Init, "INIT", StringComparison.Ordinal);

        // Where the sources are, and how far the flag is from the loop.
        text = DistanceOfFlag().Replace(SourceFolder().Replace(text, "SOURCES/"), "833dDISTANCE00");
        for (ulong i = 0; i < 64; i++)
        {
            text = text.Replace($"{Pattern + i:x16}", $"pattern+{i, -8:x}", StringComparison.Ordinal)
                .Replace($"{Report.SpinStart + i:x16}", $"loop+{i, -11:x}", StringComparison.Ordinal);
        }

        return text.Replace($"0x{Report.SpinStart:x}", "LOOP", StringComparison.Ordinal);
    }
}
