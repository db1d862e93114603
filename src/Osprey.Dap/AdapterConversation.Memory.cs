using System.Globalization;
using Osprey.Dap.Protocol;
using Osprey.Dap.Protocol.Bodies;
using Osprey.Dap.Protocol.Requests;
using Osprey.Dap.Protocol.Types;
using Osprey.Debug;
using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Code;
using Osprey.Symbols.Modules;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Dap;

/// <content>Memory, instructions, programs and their sources.</content>
internal sealed partial class AdapterConversation
{
    private const long MaxRead = 1 << 20;
    private const int MaxInstructions = 10_000;
    private const int LongestInstruction = 15;

    private DebugThread LookedAt => (_lookedAt is { } thread ? Session.Find(thread.Number) : null) ?? Session.Current;

    private void ReadMemory(DapInput request)
    {
        ReadMemoryArguments arguments = Read(request, DapJson.Default.ReadMemoryArguments);
        ulong address = FindAddress(arguments.MemoryReference, arguments.Offset);
        if (arguments.Count < 0)
            throw new FormatException("the count is negative");

        byte[] bytes = new byte[(int)Math.Min(arguments.Count, MaxRead)];
        int read = 0;
        long gap = 0;
        WithStopped(() =>
        {
            read = LookedAt.ReadMemory(address, bytes);
            if (read < bytes.Length)
                gap = FindGap(unchecked(address + (ulong)read), bytes.Length - read);
        });
        connection.Respond(
            request,
            new ReadMemoryBody
            {
                Address = string.Create(CultureInfo.InvariantCulture, $"0x{address:x}"),
                Data = Convert.ToBase64String(bytes, 0, read),
                UnreadableBytes = gap > 0 ? gap : null,
            },
            DapJson.Default.ReadMemoryBody
        );
    }

    /// <summary>The bytes up to the next page that can be read, or to the end of what was asked for.</summary>
    private long FindGap(ulong address, long most)
    {
        const ulong PageSize = 0x1000;
        long gap = (long)Math.Min((ulong)most, PageSize - (address & (PageSize - 1)));
        Span<byte> one = stackalloc byte[1];
        while (gap < most && LookedAt.ReadMemory(unchecked(address + (ulong)gap), one) == 0)
            gap += (long)PageSize;

        return Math.Min(gap, most);
    }

    private void WriteMemory(DapInput request)
    {
        WriteMemoryArguments arguments = Read(request, DapJson.Default.WriteMemoryArguments);
        ulong address = FindAddress(arguments.MemoryReference, arguments.Offset);
        string data = arguments.Data ?? "";
        byte[] bytes = new byte[data.Length / 4 * 3];
        if (!Convert.TryFromBase64String(data, bytes, out int count))
            throw new FormatException("\"data\" is not in base64");

        Array.Resize(ref bytes, count);
        if (!Session.CanWrite)
            throw new TargetException("memory can't be written: \"allowWrite\" was not set");

        WithStopped(() =>
        {
            if (bytes.Length > 0)
                Session.WriteMemory(LookedAt, address, bytes);
        });
        connection.Respond(
            request,
            new WriteMemoryBody { BytesWritten = bytes.Length },
            DapJson.Default.WriteMemoryBody
        );
    }

    private void Disassemble(DapInput request)
    {
        DisassembleArguments arguments = Read(request, DapJson.Default.DisassembleArguments);
        ulong address = FindAddress(arguments.MemoryReference, arguments.Offset);
        int count = arguments.InstructionCount ?? 0;
        int offset = arguments.InstructionOffset ?? 0;
        if (count is < 0 or > MaxInstructions || Math.Abs((long)offset) > MaxInstructions)
            throw new FormatException($"at most {MaxInstructions} instructions can be asked for");

        var instructions = new List<DapInstruction>(count);
        WithStopped(() => AddInstructions(instructions, address, offset, count));
        connection.Respond(
            request,
            new DisassembleBody { Instructions = instructions },
            DapJson.Default.DisassembleBody
        );
    }

    /// <summary>
    /// Adds as many instructions as are wanted, since clients count on that; what can't be read or decoded is told to
    /// be invalid.
    /// </summary>
    private void AddInstructions(List<DapInstruction> instructions, ulong address, int offset, int count)
    {
        IMemoryReader memory =
            LookedAt.FindSpace()?.Memory
            ?? throw new TargetException(TargetProblem.PageTablesUnknown, "no page tables are known");
        if (offset < 0)
        {
            List<InstructionRow> before = DecodeBefore(memory, address, -offset);
            int missing = -offset - before.Count;
            for (int i = 0; i < missing && instructions.Count < count; i++)
                instructions.Add(
                    MakeInvalid(unchecked((before.Count > 0 ? before[0].Address : address) - (ulong)(missing - i)))
                );

            foreach (InstructionRow row in before)
            {
                if (instructions.Count < count)
                    instructions.Add(Describe(row));
            }

            offset = 0;
        }

        int left = count - instructions.Count;
        IReadOnlyList<InstructionRow> after =
            left > 0 ? InstructionsAnswer.Ask(Session.Guest, memory, address, left + offset).Rows : [];
        foreach (InstructionRow row in after.Skip(offset))
            instructions.Add(Describe(row));

        ulong end = after.Count > 0 ? unchecked(after[^1].Address + (ulong)after[^1].Bytes.Length) : address;
        while (instructions.Count < count)
            instructions.Add(MakeInvalid(unchecked(end++)));
    }

    /// <summary>
    /// Decodes what stands before an address: from the function's start, or else from the nearest place from which
    /// instructions lead to it.
    /// </summary>
    private List<InstructionRow> DecodeBefore(IMemoryReader memory, ulong address, int count)
    {
        ulong span = (ulong)count * LongestInstruction;
        ulong start =
            Session.Guest.Symbols.FindTableSymbol(unchecked(address - 1)) is { } symbol
            && symbol.Address < address
            && address - symbol.Address <= Math.Max(span, 0x1_0000)
                ? symbol.Address
                : unchecked(address - Math.Min(span, address));
        for (int i = 0; i < LongestInstruction && start < address; i++, start++)
        {
            List<InstructionRow> rows =
            [
                .. InstructionsAnswer
                    .Ask(Session.Guest, memory, start, (int)Math.Min(address - start, int.MaxValue / 16))
                    .Rows.TakeWhile(row => row.Address < address),
            ];
            if (rows.Count > 0 && rows[^1].Address + (ulong)rows[^1].Bytes.Length == address)
                return rows.Count > count ? rows[^count..] : rows;
        }

        return [];
    }

    private DapInstruction Describe(InstructionRow row) =>
        new()
        {
            Address = string.Create(CultureInfo.InvariantCulture, $"0x{row.Address:x}"),
            InstructionBytes = string.Join(
                ' ',
                row.Bytes.Select(one => one.ToString("x2", CultureInfo.InvariantCulture))
            ),
            Instruction = row.Text,
            Symbol = row.Function,
            Location = row.File is { } file ? _sources.Describe(file) : null,
            Line = row is { File: not null, Line: > 0 and var line } ? line - FirstLine : null,
        };

    private static DapInstruction MakeInvalid(ulong address) =>
        new()
        {
            Address = string.Create(CultureInfo.InvariantCulture, $"0x{address:x}"),
            Instruction = "(can't be read)",
            PresentationHint = "invalid",
        };

    private void ListModules(DapInput request)
    {
        ModulesArguments arguments =
            request.Arguments.ValueKind == System.Text.Json.JsonValueKind.Object
                ? Read(request, DapJson.Default.ModulesArguments)
                : new ModulesArguments();
        IReadOnlyList<GuestModule> modules = [];
        WithStopped(() => modules = Session.Guest.Programs.Modules);
        int start = Math.Clamp(arguments.StartModule ?? 0, 0, modules.Count);
        int count = arguments.ModuleCount is > 0 and var wanted ? wanted : int.MaxValue;
        connection.Respond(
            request,
            new ModulesBody
            {
                Modules = [.. modules.Skip(start).Take(count).Select(Describe)],
                TotalModules = modules.Count,
            },
            DapJson.Default.ModulesBody
        );
    }

    private static DapModule Describe(GuestModule module) =>
        new()
        {
            Id = ToModuleId(module.Start),
            Name = Path.GetFileName(module.Path),
            Path = module.Path,
            SymbolStatus = (module.Types.HasTypes ? "debug info" : "no debug info") + $"; {module.Origin}",
            AddressRange = string.Create(CultureInfo.InvariantCulture, $"0x{module.Start:x}-0x{module.End:x}"),
        };

    private string? FindModuleId(ulong address) =>
        Session.Guest.Symbols.Modules.Find(address) is Module module ? ToModuleId(module.Start) : null;

    private static string ToModuleId(ulong start) => string.Create(CultureInfo.InvariantCulture, $"0x{start:x}");

    private void ReadSource(DapInput request)
    {
        SourceArguments arguments = Read(request, DapJson.Default.SourceArguments);
        int reference = arguments.Source?.SourceReference ?? arguments.SourceReference ?? 0;
        string text =
            _sources.Read(reference)
            ?? throw new TargetException(
                "the source is not on this host: \"sourceMap\" says where it is, or \"git\" which repository has it"
            );
        connection.Respond(request, new SourceBody { Content = text }, DapJson.Default.SourceBody);
    }

    private static ulong FindAddress(string? reference, long? offset)
    {
        if (!NumberText.TryParse(reference ?? "", out ulong address))
            throw new FormatException($"'{Shorten(reference ?? "")}' is no address");

        return unchecked(address + (ulong)(offset ?? 0));
    }
}
