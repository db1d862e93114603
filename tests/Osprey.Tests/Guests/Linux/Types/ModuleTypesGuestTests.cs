using Osprey.Guests;
using Osprey.Guests.Programs;
using Osprey.Session.Guests;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Osv;
using Osprey.Values;

namespace Osprey.Tests.Guests.Linux.Types;

/// <summary>The types that a kernel has in memory for its modules.</summary>
[Collection(ModulesGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class ModuleTypesGuestTests(ModulesGuest fixture)
{
    private const string Type = "LZ4HC_CCtx_internal";

    [ModulesGuestFact]
    public void Type_OfAModule_IsFoundInMemoryAndNoted()
    {
        using GuestSession session = OpenLive();
        if (!HasModuleTypes(session))
            return; // before 5.11

        // As the header of LZ4 has it (include/linux/lz4.h): it may not change, since programs allocate it.
        var type = Assert.IsType<CompoundType>(session.Selected.Values.FindType(Type)?.Stripped);
        Assert.Equal(262_184ul, session.Selected.Values.GetSize(type));
        Assert.Equal(
            [
                ("hashTable", 0ul),
                ("chainTable", 131_072ul),
                ("end", 262_144ul),
                ("base", 262_152ul),
                ("dictBase", 262_160ul),
            ],
            type.Members.Take(5).Select(member => (member.Name ?? "", member.Offset))
        );

        // A type of the kernel, which the module's own builds on.
        Assert.Equal("unsigned int [32768]", TypeNames.Spell(type.Members[0].Type!));
        Assert.Contains(
            session.Notes,
            note => note == "types of lz4hc_compress are those that the kernel has in memory"
        );
    }

    [ModulesGuestFact]
    public void Function_OfAModule_HasItsPlaceAndType()
    {
        using GuestSession session = OpenLive();
        if (!HasModuleTypes(session))
            return;

        ulong address = session.Selected.ResolveAddress("lz4hc_compress`LZ4_compress_HC", isPhysical: false);
        Assert.Equal(address, session.Selected.Evaluate("LZ4_compress_HC").Address);
        Assert.StartsWith(
            "int (const char *, char *, int, ",
            TypeNames.Spell(session.Selected.Evaluate("LZ4_compress_HC").Type!)
        );
    }

    [ModulesGuestFact]
    public void OwnWalks_DoNotReadTheTypesOfModules()
    {
        using GuestSession session = OpenLive();
        Assert.Null(session.Kernel.Values.FindType(Type));
    }

    [ModulesGuestFact]
    public void ModuleTypes_OfDamagedMemory_EndWithTypesOrDefects()
    {
        using GuestSession session = OpenLive();
        if (!HasModuleTypes(session))
            return;

        var os = (IGuestModuleTypes)session.Os;
        GuestKernelTypes own = ((IGuestTypes)session.Os).FindTypes(session.Kernel.FindSymbol)!;
        GuestList<GuestKernelTypes> intact = os.FindModuleTypes(session.Kernel, own);
        Assert.Empty(intact.Defects);
        Assert.Contains(intact.Items, types => types.Module == "lz4hc_compress");
        ulong head = session.Kernel.FindSymbol("btf_modules")!.Value;
        var places = new List<ulong> { head };
        places.AddRange(intact.Items.Select(types => types.Address));
        for (ulong at = ReadPointer(session, head); at != head; at = ReadPointer(session, at))
            places.AddRange([at, at + 16, at + 24, ReadPointer(session, at + 16), ReadPointer(session, at + 24)]);

        var damage = new MemoryDamage(session.Kernel.Values.Memory, places);
        (int whole, int marked) = (0, 0);
        for (int round = MemoryDamage.Rounds(100); round > 0; round--)
        {
            var kernel = new GuestKernel(
                new ValueSpace(damage.Next(), session.Kernel.Values.Modules),
                session.Symbols,
                new UnwindModuleList([])
            );
            GuestList<GuestKernelTypes> list = os.FindModuleTypes(kernel, own);
            Assert.True(list.Items.Count <= places.Count);
            _ = list.Defects.Count == 0 ? whole++ : marked++;
            Assert.All(list.Defects, defect => Assert.DoesNotContain('\n', defect));
        }

        Assert.True(whole > 0 && marked > 0, $"{whole} lists were whole, {marked} were not");
    }

    private static bool HasModuleTypes(GuestSession session) =>
        session.Kernel.Values.FindType("struct btf_module") is not null;

    private static ulong ReadPointer(GuestSession session, ulong address)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        Assert.Equal(bytes.Length, session.Kernel.Values.Memory.Read(address, bytes));
        return BitConverter.ToUInt64(bytes);
    }

    private GuestSession OpenLive() =>
        GuestSession.Over(
            QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!),
            new GuestSettings { Cpu = 0, NoCache = true }
        );
}
