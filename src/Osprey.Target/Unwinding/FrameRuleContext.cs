using Osprey.Binary.Dwarf.Expression;
using Osprey.Symbols.Modules;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Target.Unwinding;

/// <summary>The answers for expressions of call frame information: registers of the callee, and memory.</summary>
internal sealed class FrameRuleContext(IMemoryReader memory) : IExpressionContext
{
    public RegisterSet? Registers { get; set; }

    public LoadBias Bias { get; set; }

    public bool TryReadRegister(int dwarfRegister, out ulong value)
    {
        value = 0;
        return Registers?.Architecture.FindDwarfRegister(dwarfRegister) is { } register
            && Registers.TryGet(register, out value);
    }

    public string DescribeRegister(int dwarfRegister) =>
        Registers?.Architecture.FindDwarfRegister(dwarfRegister)?.Name ?? $"register {dwarfRegister}";

    public bool TryReadMemory(ulong address, Span<byte> buffer) => memory.TryRead(address, buffer);

    public ulong ToAddress(ulong linkAddress) => Bias.ToAddress(linkAddress);
}
