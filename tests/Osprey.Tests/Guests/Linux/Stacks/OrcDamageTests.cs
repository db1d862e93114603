using Osprey.Guests.Linux.Stacks;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Osv;
using Osprey.Tests.Values;

namespace Osprey.Tests.Guests.Linux.Stacks;

/// <summary>Tables, lists and stacks that are damaged: an answer or a reason, never another exception.</summary>
public sealed class OrcDamageTests
{
    [Fact]
    public void Unwind_InDamagedMemory_Ends()
    {
        foreach (OrcFormat format in Enum.GetValues<OrcFormat>())
        {
            OrcKernel kernel = new OrcKernel(format)
                .At(OrcKernel.Module + 0x20, OrcKernel.Stack)
                .With(X64Register.Rbp, OrcKernel.Stack + 0x180)
                .Word(OrcKernel.Stack + 0x10, OrcKernel.Framed + 1)
                .Word(OrcKernel.Stack + 0x180, OrcKernel.Stack + 0x700)
                .Word(OrcKernel.Stack + 0x188, OrcKernel.Entry + 1)
                .SavedRegisters(OrcKernel.Stack + 0x198, OrcKernel.Switch, 0x10, OrcKernel.Stack + 0x300)
                .Word(OrcKernel.Stack + 0x300, OrcKernel.Stack + 0x400)
                .Word(OrcKernel.Stack + 0x400, OrcKernel.Start + 1);
            int whole = kernel.Unwind().Frames.Count;
            Assert.Equal(5, whole);

            var damage = new MemoryDamage(
                kernel,
                [
                    OrcKernel.Addresses,
                    OrcKernel.Entries,
                    OrcKernel.ModuleList,
                    OrcKernel.ModuleStruct,
                    OrcKernel.ModuleAddresses,
                    OrcKernel.ModuleEntries,
                    OrcKernel.Stack,
                    OrcKernel.Stack + 0x180,
                    OrcKernel.Stack + 0x300,
                ]
            );
            int complete = 0;
            for (int round = 0; round < MemoryDamage.Rounds(500); round++)
            {
                OverlaidMemory memory = damage.Next();
                var list = new UnwindModuleList([], kernel.CreateRules(memory));
                Backtrace trace = new Unwinder(list, memory).Unwind(kernel.Registers);
                Assert.InRange(trace.Frames.Count, 1, UnwinderOptions.Default.MaxFrames);
                complete += trace.Frames.Count == whole ? 1 : 0;
            }

            Assert.True(complete > 0);
        }
    }
}
