"""A page that only imports torch and plotly."""

import plotly.graph_objects as go
import streamlit as st
import torch

st.write("imported", go.__name__, torch.__version__)
