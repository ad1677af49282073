import helper
import raises
