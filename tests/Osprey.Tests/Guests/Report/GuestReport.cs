using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Tests.Guests.Report;

/// <summary>
/// What the Linux guest said about itself: what is to be found from outside. Nothing of it changes afterwards.
/// </summary>
internal sealed class GuestReport
{
    private readonly GuestReportLine[] _lines;
    private readonly Dictionary<int, Dictionary<ulong, GuestPage>> _pages;

    private GuestReport(GuestReportLine[] lines)
    {
        _lines = lines;
        GuestReportLine machine = Single("machine");
        Cpus = machine.GetInt32("cpus");
        Nodes = machine.GetInt32("nodes");
        MemoryTotal = machine.GetNumber("memory-kib") * 1024;
        Uptime = TimeSpan.FromMilliseconds(machine.GetNumber("uptime-ms"));
        PageTableLevels = machine.GetInt32("levels");
        HasPageTableIsolation = machine.GetInt32("pti") == 1;
        KernelVersion = Single("kernel").Text;
        CommandLine = Single("cmdline").Text;

        IoMemory = Each(
            "iomem",
            line => new GuestIoRange(line.GetInt32("depth"), At(line, "start"), At(line, "end"), line.Text)
        );
        NodeBlocks = Each(
            "node",
            line => new GuestNodeBlock(line.GetInt32("id"), At(line, "start"), line.GetNumber("size"))
        );
        Symbols = Each("symbol", line => new GuestSymbol(line["name"], line.GetNumber("address"), 0));
        Segments = Each(
            "segment",
            line => new GuestSegment(
                line.GetNumber("address"),
                line.GetNumberOrNone("physical") is { } physical ? new PhysicalAddress(physical) : null,
                line.GetNumber("size")
            )
        );
        KernelContents = Each("content", Content);
        VmCoreInfo = Each("vmcoreinfo", line => line.Text);
        GuestReportLine types = Single("types");
        (TypesSize, TypesHash) = (types.GetNumber("size"), types.GetNumber("hash"));
        Functions = Each("function", line => new GuestSymbol(line["name"], line.GetNumber("address"), 0));
        Variables = Each(
            "variable",
            line => new GuestSymbol(line["name"], line.GetNumber("address"), line.GetNumber("size"))
        );
        Values = [.. _lines.Where(line => line.Word is "value" or "string").Select(Value)];
        List = Each("node-of-list", line => line.GetNumber("address"));
        Tasks = Each(
            "task",
            line => new GuestTask(line.GetInt32("pid"), line.GetInt32("tid"), line.GetInt32("parent"), line.Text)
        );

        Mappings = Each(
            "map",
            line => new GuestMapping(
                line.GetInt32("space"),
                line.GetNumber("start"),
                line.GetNumber("end"),
                line["permissions"],
                line.Text
            )
        );
        Regions = Each(
            "region",
            line => new GuestRegion(
                line.GetInt32("space"),
                line["name"],
                line.GetNumber("address"),
                line.GetNumber("size")
            )
        );
        Patterns = Each(
            "pattern",
            line => new GuestPattern(
                line.GetInt32("space"),
                line["name"],
                line.GetNumber("address"),
                line.GetNumber("size"),
                line.GetNumber("seed")
            )
        );
        Processes = Each("space", line => (line.GetInt32("id"), line.GetInt32("pid")))
            .ToDictionary(space => space.Item1, space => space.Item2);
        GuestReportLine spin = Single("spin");
        SpinStart = spin.GetNumber("start");
        SpinEnd = spin.GetNumber("end");
        Workers = Each("worker", Worker);
        _pages = Processes.Keys.ToDictionary(space => space, ReadPages);
    }

    /// <summary>How many vCPUs the guest uses; as many workers spin.</summary>
    public int Cpus { get; }

    /// <summary>How many NUMA nodes there are.</summary>
    public int Nodes { get; }

    /// <summary>MemTotal of /proc/meminfo, in bytes.</summary>
    public ulong MemoryTotal { get; }

    /// <summary>How long the kernel was up as init started.</summary>
    public TimeSpan Uptime { get; }

    /// <summary>4 or 5.</summary>
    public int PageTableLevels { get; }

    /// <summary>
    /// Whether CR3 is another one in user mode than in the kernel: that of the kernel with bit 12 set. Both give the
    /// same user pages, but of the kernel the user's gives only what entering it takes.
    /// </summary>
    public bool HasPageTableIsolation { get; }

    /// <summary>What /proc/version says.</summary>
    public string KernelVersion { get; }

    /// <summary>What the kernel was told.</summary>
    public string CommandLine { get; }

    public IReadOnlyList<GuestIoRange> IoMemory { get; }

    public IReadOnlyList<GuestNodeBlock> NodeBlocks { get; }

    /// <summary>Some of the kernel's symbols, as /proc/kallsyms gives them.</summary>
    public IReadOnlyList<GuestSymbol> Symbols { get; }

    /// <summary>What the kernel maps where, of its text and of all memory.</summary>
    public IReadOnlyList<GuestSegment> Segments { get; }

    /// <summary>What is at some of the symbols, as the kernel reads itself.</summary>
    public IReadOnlyList<GuestContent> KernelContents { get; }

    /// <summary>The lines of the note for crash dumps.</summary>
    public IReadOnlyList<string> VmCoreInfo { get; }

    /// <summary>The size of the BTF that the kernel describes its types with.</summary>
    public ulong TypesSize { get; }

    /// <summary>The 64-bit FNV-1a hash of its bytes.</summary>
    public ulong TypesHash { get; }

    /// <summary>Some of init's functions.</summary>
    public IReadOnlyList<GuestSymbol> Functions { get; }

    /// <summary>Some of init's global variables.</summary>
    public IReadOnlyList<GuestSymbol> Variables { get; }

    /// <summary>What expressions over init's variables are.</summary>
    public IReadOnlyList<GuestValue> Values { get; }

    /// <summary>The addresses of the nodes of init's list, in its order.</summary>
    public IReadOnlyList<ulong> List { get; }

    public IReadOnlyList<GuestTask> Tasks { get; }

    public IReadOnlyList<GuestMapping> Mappings { get; }

    public IReadOnlyList<GuestRegion> Regions { get; }

    public IReadOnlyList<GuestPattern> Patterns { get; }

    /// <summary>Address spaces and the process each belongs to.</summary>
    public IReadOnlyDictionary<int, int> Processes { get; }

    /// <summary>The first instruction of the loop in which the workers spin.</summary>
    public ulong SpinStart { get; }

    /// <summary>The first address behind that loop.</summary>
    public ulong SpinEnd { get; }

    /// <summary>The workers by vCPU.</summary>
    public IReadOnlyList<GuestWorker> Workers { get; }

    /// <summary>Reads a whole report.</summary>
    /// <exception cref="FormatException">It is not whole, or malformed.</exception>
    public static GuestReport Parse(string text)
    {
        GuestReportLine[] lines =
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => GuestReportLine.Parse(line.TrimEnd('\r'))),
        ];
        if (lines.Length == 0 || lines[^1].Word != "ready")
            throw new FormatException("the guest's report does not end with \"ready\"");
        if (lines[^1].GetInt32("lines") != lines.Length - 1)
            throw new FormatException(
                $"the guest's report has {lines.Length - 1} lines, but {lines[^1]["lines"]} were sent"
            );

        return new GuestReport(lines);
    }

    /// <summary>
    /// The pages of an address space, in the order of their addresses, with those that have no frame.
    /// </summary>
    /// <remarks>Those of mappings above 64 MiB are not among them.</remarks>
    public IEnumerable<GuestPage> GetPages(int space) => _pages[space].Values.OrderBy(page => page.Address);

    /// <summary>
    /// Where a virtual address is in physical memory, as a walk of the page tables finds it; null when it finds
    /// nothing.
    /// </summary>
    public PhysicalAddress? Translate(int space, ulong address) =>
        _pages[space].TryGetValue(address & ~(GuestPage.Size - 1), out GuestPage? page)
        && page is { IsMapped: true, Frame: { } frame }
            ? new PhysicalAddress(frame.Value + (address & (GuestPage.Size - 1)))
            : null;

    /// <summary>What is at an address; null where the guest does not tell, or not of all.</summary>
    public byte[]? ExpectedBytes(int space, ulong address, int length) =>
        Patterns
            .FirstOrDefault(pattern =>
                pattern.Space == space
                && address >= pattern.Address
                && address + (ulong)length <= pattern.Address + pattern.Size
            )
            ?.GetBytes(address, length);

    /// <summary>The kernel's symbol of a name.</summary>
    public GuestSymbol FindSymbol(string name) => Symbols.Single(symbol => symbol.Name == name);

    /// <summary>Whether a vCPU with these registers is in its worker's loop.</summary>
    public bool IsInLoop(RegisterSet registers) =>
        registers[X64Register.Rip] is { } address && address >= SpinStart && address < SpinEnd;

    private static PhysicalAddress At(GuestReportLine line, string field) => new(line.GetNumber(field));

    private static GuestContent Content(GuestReportLine line) =>
        new(line["name"], line.GetNumber("address"), line.GetBytes());

    private static GuestValue Value(GuestReportLine line)
    {
        string[] sides = line.Text.Split(" = ", 2);
        return new GuestValue(sides[0], sides[1], line.Word == "string");
    }

    private GuestReportLine Single(string word) => _lines.Single(line => line.Word == word);

    private T[] Each<T>(string word, Func<GuestReportLine, T> read) =>
        [.. _lines.Where(line => line.Word == word).Select(read)];

    private GuestWorker Worker(GuestReportLine line)
    {
        bool IsOfCpu(GuestReportLine other, string word) => other.Word == word && other["cpu"] == line["cpu"];

        var registers = new RegisterSet(X64Architecture.Instance)
        {
            [X64Register.Rsp] = line.GetNumber("stack-pointer"),
            [X64Register.FsBase] = line.GetNumber("fs-base"),
            [X64Register.GsBase] = line.GetNumber("gs-base"),
        };
        foreach (GuestReportLine register in _lines.Where(other => IsOfCpu(other, "register")))
        {
            if (X64Architecture.Instance.FindRegister(register["name"]) is not { } name)
                throw new FormatException($"the guest's report names a register {register["name"]}");

            registers[name] = register.GetNumber("value");
        }

        GuestContent[] locals =
        [
            .. _lines
                .Where(other => IsOfCpu(other, "local"))
                .Select(local => Content(local) with { Name = local["function"] }),
        ];
        GuestFrame[] frames =
        [
            .. _lines
                .Where(other => IsOfCpu(other, "frame"))
                .Select(frame => new GuestFrame(
                    frame["function"],
                    frame.GetNumber("cfa"),
                    frame.GetNumber("return"),
                    frame.GetNumber("magic"),
                    locals.FirstOrDefault(local => local.Name == frame["function"])
                )),
        ];
        return new GuestWorker(
            line.GetInt32("cpu"),
            line.GetInt32("space"),
            line.GetInt32("tid"),
            registers,
            frames,
            line.GetNumber("thread-local"),
            line.GetNumber("thread-value")
        );
    }

    private Dictionary<ulong, GuestPage> ReadPages(int space)
    {
        var pages = new Dictionary<ulong, GuestPage>();
        GuestMapping[] mappings = [.. Mappings.Where(mapping => mapping.Space == space)];
        foreach (GuestReportLine line in _lines.Where(line => line.Word == "run" && line.GetInt32("space") == space))
        {
            ulong start = line.GetNumber("address");
            ulong? frame = line.GetNumberOrNone("pfn");
            bool accessible = mappings.Single(mapping => start >= mapping.Start && start < mapping.End).IsAccessible;
            for (ulong i = 0; i < line.GetNumber("pages"); i++)
            {
                ulong address = start + (i * GuestPage.Size);
                PhysicalAddress? physical = frame is { } first
                    ? new PhysicalAddress((first + i) * GuestPage.Size)
                    : null;
                pages.Add(
                    address,
                    new GuestPage(
                        space,
                        address,
                        physical,
                        physical is not null && accessible,
                        line.GetNumber("page-flags")
                    )
                );
            }
        }

        return pages;
    }
}
