using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Symbols.Types;

/// <summary>Compares a whole OSv kernel with gdb's answers.</summary>
public sealed class OsvTypesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [OsvBuildFact("gdb")]
    [Trait("Category", "Slow")]
    public void Loader_Types_AreThoseOfGdb()
    {
        using TypeCatalog catalog = Open();
        var comparison = new GdbComparison(catalog) { CompareStatics = false, IgnoresTags = true };
        comparison.Run(
            OsvBuild.Loader,
            _folder,
            "type sched::thread",
            "type sched::thread::detached_state",
            "type sched::cpu",
            "type sched::timer_base",
            "type mmu::vma",
            "type mmu::anon_vma",
            "type mmu::file_vma",
            "type elf::object",
            "type elf::file",
            "type elf::program",
            "type elf::tls_data",
            "type memory::page_range",
            "type memory::page_range_allocator",
            "type hw::driver_manager",
            "type trace_buf",
            "type tracepoint_base",
            "type lockfree::mutex",
            "type condvar",
            "type wait_record",
            "type rwlock",
            "type file",
            "type dentry",
            "type callout",
            "type exception_frame",
            "type osv::application",
            "type waiter",
            "type virtio::vring",
            "type thread_control_block",
            "address sched::cpus",
            "address sched::thread_map",
            "address sched::thread::_s_idgen",
            "address sched::tls",
            "address mmu::page_table_root",
            "address memory::free_page_ranges",
            "address memory::total_memory",
            "address memory::phys_mem_size",
            "address elf::program::s_objs",
            "address elf::s_program",
            "address hw::driver_manager::_instance",
            "address callouts::_callouts",
            "address percpu_trace_buffer",
            "address tracepoint_base::tp_list",
            "address aborting",
            "address smp_processors",
            "address memory::free_memory",
            "value trace_page_size",
            "value tracepoint_base::backtrace_len",
            "enum sched::thread::status"
        );

        // The kernel has two classes of this name; each tool takes the one that it read first.
        comparison.Differences.RemoveAll(item => item.StartsWith("waitqueue", StringComparison.Ordinal));
        Assert.True(
            comparison.Differences.Count == 0,
            $"{comparison.Differences.Count} of {comparison.Members} differ:\n"
                + $"{string.Join('\n', comparison.Differences.Take(40))}"
        );
        Assert.True(comparison.Types > 400 && comparison.Members > 900, $"{comparison.Types} {comparison.Members}");
        Assert.Empty(catalog.Diagnostics);
    }

    [OsvBuildFact]
    [Trait("Category", "Slow")]
    public void Loader_Sizes_AreThoseThatTheKernelAsserts()
    {
        using TypeCatalog catalog = Open();
        Assert.Equal(40UL, catalog.FindType("lockfree::mutex")!.Size);
        Assert.Equal(32UL, catalog.FindType("trace_buf")!.Size);
        Assert.Equal(168UL, catalog.FindType("exception_frame")!.Size);
        Assert.Equal(56UL, catalog.FindType("memory::page_range")!.Size);
        Assert.Equal(
            [(16UL, "_last"), (24UL, "_size")],
            ((CompoundType)catalog.FindType("trace_buf")!).Members.Skip(1).Select(item => (item.Offset, item.Name!))
        );
        foreach (
            string name in (string[])
                [
                    "sched::s_current",
                    "sched::current_cpu",
                    "percpu_base",
                    "sched::preempt_counter",
                    "sched::need_reschedule",
                    "sched::exception_depth",
                    "current_interrupt_frame",
                    "memory::emergency_alloc_level",
                    "osv::override_current_app",
                ]
        )
            Assert.True(catalog.FindVariable(name)?.Location is VariableLocation.ThreadLocal, name);

        Assert.Equal(1024UL, catalog.FindVariable("abort(char const*, ...)::msg")!.Type!.Size);
    }

    private static TypeCatalog Open() => TypeCatalog.Open(OsvBuild.Loader, new SymbolizerOptions { UseCache = false });
}
