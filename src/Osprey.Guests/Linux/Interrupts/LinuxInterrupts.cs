using System.Globalization;
using Osprey.Guests.Interrupts;
using Osprey.Guests.Linux.Containers;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Interrupts;

/// <summary>Reads Linux's interrupts, as <c>/proc/interrupts</c> shows them.</summary>
/// <remarks>
/// Each interrupt is an <c>irq_desc</c>: in the maple tree <c>sparse_irqs</c> since 6.5, before that in the radix tree
/// or XArray <c>irq_desc_tree</c>, and in kernels built without CONFIG_SPARSE_IRQ in the array <c>irq_desc</c>. As in
/// the kernel's own file, those without handlers that never came are left out. The processor's own interrupts are
/// counters of each CPU's <c>irq_stat</c>; in 7.2 an array, whose positions an enumeration names.
/// </remarks>
internal sealed class LinuxInterrupts
{
    private const ulong MaxNumber = 1 << 20;
    private const int MaxHandlers = 1024;
    private const int MaxName = 64;

    /// <summary>
    /// The counters, members of <c>irq_cpustat_t</c> or variables of each CPU, in the kernel's order and words
    /// (arch_show_interrupts); and what comes behind IRQ_COUNT_ in the enumeration of newer ones.
    /// </summary>
    private static readonly (string Counter, string Enumerator, string Name, string Description)[] s_own =
    [
        ("__nmi_count", "NMI", "NMI", "Non-maskable interrupts"),
        ("apic_timer_irqs", "APIC_TIMER", "LOC", "Local timer interrupts"),
        ("irq_spurious_count", "SPURIOUS", "SPU", "Spurious interrupts"),
        ("apic_perf_irqs", "APIC_PERF", "PMI", "Performance monitoring interrupts"),
        ("apic_irq_work_irqs", "IRQ_WORK", "IWI", "IRQ work interrupts"),
        ("icr_read_retry_count", "ICR_READ_RETRY", "RTR", "APIC ICR read retries"),
        ("x86_platform_ipis", "X86_PLATFORM_IPI", "PLT", "Platform interrupts"),
        ("irq_resched_count", "RESCHEDULE", "RES", "Rescheduling interrupts"),
        ("irq_call_count", "CALL_FUNCTION", "CAL", "Function call interrupts"),
        ("irq_tlb_count", "TLB", "TLB", "TLB shootdowns"),
        ("irq_thermal_count", "THERMAL_APIC", "TRM", "Thermal event interrupts"),
        ("irq_threshold_count", "THRESHOLD_APIC", "THR", "Threshold APIC interrupts"),
        ("irq_deferred_error_count", "DEFERRED_ERROR", "DFR", "Deferred Error APIC interrupts"),
        ("mce_exception_count", "MCE_EXCEPTION", "MCE", "Machine check exceptions"),
        ("mce_poll_count", "MCE_POLL", "MCP", "Machine check polls"),
        ("irq_hv_callback_count", "HYPERVISOR_CALLBACK", "HYP", "Hypervisor callback interrupts"),
        ("irq_hv_reenlightenment_count", "HYPERV_REENLIGHTENMENT", "HRE", "Hyper-V reenlightenment interrupts"),
        ("hyperv_stimer0_count", "HYPERV_STIMER0", "HVS", "Hyper-V stimer0 interrupts"),
        ("kvm_posted_intr_ipis", "POSTED_INTR", "PIN", "Posted-interrupt notification event"),
        ("kvm_posted_intr_nested_ipis", "POSTED_INTR_NESTED", "NPI", "Nested posted-interrupt event"),
        ("kvm_posted_intr_wakeup_ipis", "POSTED_INTR_WAKEUP", "PIW", "Posted-interrupt wakeup event"),
        ("perf_guest_mediated_pmis", "PERF_GUEST_MEDIATED_PMI", "VPMI", "Perf Guest Mediated PMI"),
    ];

    private static readonly (string Variable, string Name, string Description)[] s_errors =
    [
        ("irq_err_count", "ERR", "Errors of the interrupt controllers"),
        ("irq_mis_count", "MIS", "Interrupts that an I/O APIC missed the end of"),
    ];

    private readonly GuestKernel _kernel;
    private readonly IMemoryReader _memory;
    private readonly LinuxStruct _descriptor;
    private readonly LinuxStruct _action;
    private readonly LinuxStruct _chip;
    private readonly LinuxField _counts;

    private LinuxInterrupts(GuestKernel kernel)
    {
        _kernel = kernel;
        _memory = kernel.Values.Memory;
        _descriptor = new LinuxStruct(kernel, "struct irq_desc");
        _action = new LinuxStruct(kernel, "struct irqaction");
        _chip = new LinuxStruct(kernel, "struct irq_chip");
        _counts = _descriptor.Require("kstat_irqs");
    }

    /// <summary>Reads the interrupts: those with numbers first, the kernel's soft ones last.</summary>
    /// <exception cref="TargetException">The kernel's interrupts are not understood.</exception>
    public static GuestList<GuestInterrupt> Read(GuestKernel kernel, CancellationToken cancellation)
    {
        var reader = new LinuxInterrupts(kernel);
        return GuestWalk<GuestInterrupt>.Read(
            kernel,
            walk =>
            {
                LinuxCpus cpus = LinuxCpus.Read(kernel);
                if (cpus.All.Count == 0)
                    walk.AddDefect("the kernel's CPUs can't be found");

                foreach ((ulong number, ulong address) in reader.ListDescriptors(walk.AddDefect))
                {
                    if (reader.ReadOne(number, address, cpus, walk.AddDefect) is { } read)
                        walk.Add(read);
                }

                IEnumerable<GuestInterrupt> own = reader
                    .ReadOwn(cpus)
                    .Concat(reader.ReadErrors())
                    .Concat(LinuxSoftInterrupts.Read(kernel, cpus));
                foreach (GuestInterrupt interrupt in own)
                    walk.Add(interrupt);
            },
            cancellation
        );
    }

    private IEnumerable<(ulong Number, ulong Address)> ListDescriptors(Action<string> addDefect)
    {
        if (_kernel.FindSymbol("sparse_irqs") is { } tree)
        {
            ulong? root = new LinuxStruct(_kernel, "struct maple_tree").Require("ma_root").Read(_memory, tree);
            return new LinuxMapleTree(_kernel)
                .Enumerate(root, "interrupts", addDefect)
                .Select(range => (range.First, range.Entry));
        }

        if (_kernel.FindSymbol("irq_desc_tree") is { } array && LinuxXArray.TryCreate(_kernel) is { } entries)
            return entries.Enumerate(array, "interrupts", addDefect);

        return _kernel.FindSymbol("irq_desc") is { } plain && _descriptor.Size is { } size
            ? ListArray(plain, size)
            : throw new TargetException(
                TargetProblem.NotUnderstood,
                "the kernel's interrupts are not understood: it has no sparse_irqs, irq_desc_tree or irq_desc"
            );
    }

    private IEnumerable<(ulong Number, ulong Address)> ListArray(ulong array, ulong size)
    {
        ulong count =
            _kernel.FindSymbol("nr_irqs") is { } place && _memory.TryReadUInt32(place, out uint number)
                ? Math.Min(number, MaxNumber)
                : 0;
        for (ulong i = 0; i < count; i++)
            yield return (i, unchecked(array + (i * size)));
    }

    private GuestInterrupt? ReadOne(ulong number, ulong address, LinuxCpus cpus, Action<string> addDefect)
    {
        if (number > MaxNumber || _counts.Read(_memory, address) is not { } counts)
        {
            addDefect(string.Create(CultureInfo.InvariantCulture, $"the interrupt at 0x{address:x} can't be read"));
            return null;
        }

        ulong[] taken =
        [
            .. cpus.All.Select(cpu =>
                counts != 0 && _memory.TryReadUInt32(unchecked(counts + cpu.Offset), out uint count) ? count : 0UL
            ),
        ];
        List<GuestInterruptHandler> handlers = ReadHandlers(number, address, addDefect);
        if (handlers.Count == 0 && taken.All(count => count == 0))
            return null;

        return new GuestInterrupt(number.ToString(CultureInfo.InvariantCulture), taken)
        {
            HardwareNumber = _descriptor.Read(address, "irq_data", "hwirq"),
            Controller = _descriptor.ReadPointer(address, "irq_data", "chip") is { } chip
                ? LinuxText.ReadName(_memory, _chip.Read(chip, "name"), MaxName)
                : null,
            Trigger = LinuxText.ReadName(_memory, _descriptor.Read(address, "name"), MaxName),
            Address = address,
            Handlers = handlers,
        };
    }

    private List<GuestInterruptHandler> ReadHandlers(ulong number, ulong address, Action<string> addDefect)
    {
        var handlers = new List<GuestInterruptHandler>();
        var seen = new HashSet<ulong>();
        for (
            ulong? action = _descriptor.ReadPointer(address, "action");
            action is { } place;
            action = _action.ReadPointer(place, "next")
        )
        {
            if (!seen.Add(place) || seen.Count > MaxHandlers || _action.Read(place, "handler") is not { } function)
            {
                addDefect($"the handlers of interrupt {number} are torn or can't be read");
                break;
            }

            // A thread does the work of a handler that only wakes it up.
            ulong threaded = _action.Read(place, "thread_fn") ?? 0;
            string device = LinuxText.ReadName(_memory, _action.Read(place, "name"), MaxName) ?? "";
            handlers.Add(new GuestInterruptHandler(device, threaded != 0 ? threaded : function));
        }

        return handlers;
    }

    private IEnumerable<GuestInterrupt> ReadOwn(LinuxCpus cpus)
    {
        if (
            _kernel.FindSymbol("irq_stat") is not { } variable
            || _kernel.Values.Resolve(_kernel.Values.FindType("irq_cpustat_t")) is not CompoundType counters
        )
            yield break;

        Dictionary<string, Member> members = counters
            .Members.Where(member => member.Name is not null && member.Bits is null)
            .DistinctBy(member => member.Name)
            .ToDictionary(member => member.Name!);
        foreach ((string name, string enumerator, string word, string description) in s_own)
        {
            ulong? place =
                members.TryGetValue(name, out Member? member) ? unchecked(variable + member.Offset)
                : members.TryGetValue("counts", out Member? array) ? FindElement(variable, array, enumerator)
                : _kernel.FindSymbol(name);
            if (place is not { } first)
                continue;

            ulong[] counts =
            [
                .. cpus.All.Select(cpu =>
                    _memory.TryReadUInt32(unchecked(first + cpu.Offset), out uint count) ? count : 0UL
                ),
            ];
            yield return new GuestInterrupt(word, counts) { Description = description };
        }
    }

    /// <summary>The errors of the controllers, which no CPU has of its own.</summary>
    private IEnumerable<GuestInterrupt> ReadErrors()
    {
        foreach ((string variable, string word, string description) in s_errors)
        {
            if (_kernel.FindSymbol(variable) is { } place && _memory.TryReadUInt32(place, out uint count))
                yield return new GuestInterrupt(word, []) { CommonCount = count, Description = description };
        }
    }

    private ulong? FindElement(ulong variable, Member array, string enumerator) =>
        _kernel.Values.FindEnumerator("IRQ_COUNT_" + enumerator) is { } value
        && value.TryGetUInt64(out ulong index)
        && index < (_kernel.Values.GetSize(array.Type) ?? 0) / sizeof(uint)
            ? unchecked(variable + array.Offset + (index * sizeof(uint)))
            : null;
}
